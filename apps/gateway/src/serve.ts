// The gateway on one page: what is built from what, and in which order it starts and stops.
import { createDataPlane, type AccessEntry, type DataPlane } from '@postern/data-plane'
import type { Engine, Listener, TlsTermination } from '@postern/exchange'
import { createHttpEngine } from '@postern/http-engine'
import { createNodeEngine } from '@postern/node-engine'
import type { RoutingTable } from '@postern/routing-table'
import { createControlProcess, type ControlProcess } from './control-process/create-control-process.ts'
import { startAdmin, type AdminPages, type AdminServer } from './admin.ts'
import { drain } from './drain.ts'
import { makeFallbackCertificate } from './fallback-certificate.ts'
import { clientLimits } from './limits.ts'
import { formatAddress } from './listen-address.ts'
import type { Log } from './log.ts'
import { maxOpenFiles } from './max-open-files.ts'
import { metricsPage } from './metrics-page.ts'
import { passwordsElsewhere, type PasswordsElsewhere } from './passwords-elsewhere.ts'
import { redirectPort, type RedirectPort } from './redirect-port.ts'
import { reportNew } from './report-new.ts'
import type { ServeSettings } from './settings.ts'
import { usableIdentities } from './usable-identities.ts'
import { watchProxyProtocol } from './watch-proxy-protocol.ts'

/** What runs, in this process or in several. */
export interface RunningGateway {
  /** `host:port` of what listens; absent where it is off. */
  readonly addresses: { readonly http?: string; readonly https?: string; readonly admin?: string }
  /** Reads the manifests again. */
  refresh(): void
  /** Not ready, stop accepting, finish what is open within the drain timeout, close. */
  stop(): Promise<void>
  /** Resolves when it can serve no more by itself; never for a single process. */
  readonly lost: Promise<void>
}

export interface Gateway extends RunningGateway {
  readonly pages: AdminPages
}

/** What the primary of several workers decides for each of them. */
export interface SharedParts {
  /** Where tables come from, instead of a control process of its own. */
  readonly plane?: (publish: (table: RoutingTable) => void) => ControlProcess
  readonly reusePort?: boolean
}

interface Parts {
  readonly settings: ServeSettings
  readonly log: Log
  readonly reusePort: boolean
  readonly engine: Engine
  readonly dataPlane: DataPlane
  readonly controlPlane: ControlProcess
  readonly redirectPort: RedirectPort
  readonly passwords: PasswordsElsewhere
  /** What listens by now. */
  readonly listeners: Listener[]
  admin: AdminServer | undefined
  isReady: boolean
}

/** Starts everything; rejects with a sentence when a port cannot be had. Bad manifests are reported, never fatal. */
export async function startGateway(
  settings: ServeSettings,
  log: Log,
  logAccess: (entry: AccessEntry) => void,
  shared: SharedParts = {},
): Promise<Gateway> {
  const parts = await build(settings, log, logAccess, shared)
  const { controlPlane, dataPlane } = parts
  const pages = pagesOf(parts)
  try {
    // Nobody is let in before there is a table.
    await controlPlane.start()
    const http = await listen(parts, settings.http)
    const https = await listen(parts, settings.https, usableIdentities(dataPlane.tls, log))
    parts.redirectPort.setBound(https?.port)
    dataPlane.replaceTable(parts.redirectPort.applyTo(dataPlane.table()))
    parts.admin = settings.admin && (await startAdmin(settings.admin, pages))
    parts.isReady = true
    return {
      addresses: addresses(http, https, parts),
      pages,
      refresh: () => controlPlane.refresh(),
      stop: () => stop(parts),
      lost: new Promise(() => undefined),
    }
  } catch (error) {
    await stop(parts)
    throw error
  }
}

async function build(
  settings: ServeSettings,
  log: Log,
  logAccess: (entry: AccessEntry) => void,
  { plane, reusePort = false }: SharedParts,
): Promise<Parts> {
  const engine = settings.engine === 'own' ? createHttpEngine() : createNodeEngine()
  const passwords = passwordsElsewhere()
  const dataPlane = createDataPlane({
    ...{ engine, logAccess, verifySlowHash: passwords.verify, warn: (message: string) => log.warn(message) },
    explainHeader: settings.explainHeader ?? false,
  })
  const port = redirectPort(settings)
  const watchProxy = watchProxyProtocol(log)
  const publish = (table: RoutingTable): void => {
    dataPlane.replaceTable(port.applyTo(table))
    watchProxy(table)
    const { revision, hosts, backends } = table
    log.info('table', { revision, hosts: hosts.length, backends: backends.length })
  }
  const controlPlane = plane?.(publish) ?? (await ownPlane(settings, log, publish))
  const state = { listeners: [], admin: undefined, isReady: false }
  return {
    settings,
    log,
    reusePort,
    engine,
    dataPlane,
    controlPlane,
    redirectPort: port,
    passwords,
    ...state,
  }
}

async function ownPlane(
  { manifests, compile }: ServeSettings,
  log: Log,
  publish: (table: RoutingTable) => void,
): Promise<ControlProcess> {
  const fallbackCertificate = await makeFallbackCertificate(new Date())
  const report = reportNew(log)
  return createControlProcess({
    manifests,
    settings: { ...compile, fallbackCertificate },
    publish,
    report,
    log,
  })
}

async function listen(
  { engine, dataPlane, listeners, reusePort }: Parts,
  address: ServeSettings['http'],
  tls?: TlsTermination,
): Promise<Listener | undefined> {
  if (address === undefined) return undefined
  // Read once: whoever changes it has to restart, because open connections began one way or the other.
  const { proxyProtocol } = dataPlane.table().settings
  const options = {
    ...address,
    ...(tls && { tls }),
    proxyProtocol,
    reusePort,
    limits: clientLimits(maxOpenFiles()),
    onRefused: dataPlane.refused,
  }
  const listener = await engine.listen(options, dataPlane.serve)
  listeners.push(listener)
  return listener
}

async function stop(parts: Parts): Promise<void> {
  parts.isReady = false
  for (const listener of parts.listeners) listener.retire()
  await parts.controlPlane.stop()
  await drain(parts.listeners, parts.settings, parts.log)
  await parts.admin?.close()
  await parts.engine.close()
  await parts.passwords.close()
}

function pagesOf(parts: Parts): AdminPages {
  return {
    ready: () => parts.isReady,
    metrics: metricsPage(parts.dataPlane),
    table: () => parts.dataPlane.table(),
    diagnostics: () => parts.controlPlane.diagnostics(),
    explain: (query) => parts.controlPlane.explain(query, parts.dataPlane.table().settings.httpsRedirectPort),
  }
}

function addresses(
  http: Listener | undefined,
  https: Listener | undefined,
  { settings, admin }: Parts,
): Gateway['addresses'] {
  return {
    ...(http && { http: formatAddress(http) }),
    ...(https && { https: formatAddress(https) }),
    ...(admin && settings.admin && { admin: formatAddress({ host: settings.admin.host, port: admin.port }) }),
  }
}
