// The gateway on one page: what is built from what, and in which order it starts and stops.
import { createControlPlane, fileSource } from '@postern/control-plane'
import { createDataPlane, type AccessEntry } from '@postern/data-plane'
import type { Listener } from '@postern/exchange'
import { createHttpEngine } from '@postern/http-engine'
import { createNodeEngine } from '@postern/node-engine'
import type { RoutingTable } from '@postern/routing-table'
import { startAdmin, type AdminPages, type AdminServer } from './admin.ts'
import { drain } from './drain.ts'
import { makeFallbackCertificate } from './fallback-certificate.ts'
import { CLIENT_LIMITS } from './limits.ts'
import { formatAddress } from './listen-address.ts'
import type { Log } from './log.ts'
import { reportNew } from './report-new.ts'
import { metricsPage } from './metrics-page.ts'
import { redirectPort } from './redirect-port.ts'
import type { ServeSettings } from './settings.ts'

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
  readonly fallbackCertificate?: { readonly certPem: string; readonly keyPem: string }
  readonly reusePort?: boolean
}

/** Starts everything; rejects with a sentence when a port cannot be had. Bad manifests are reported, never fatal. */
export async function startGateway(
  settings: ServeSettings,
  log: Log,
  logAccess: (entry: AccessEntry) => void,
  shared: SharedParts = {},
): Promise<Gateway> {
  const engine = settings.engine === 'own' ? createHttpEngine() : createNodeEngine()
  const dataPlane = createDataPlane({ engine, logAccess, warn: (message) => log.warn(message) })
  const port = redirectPort(settings)
  const publish = (table: RoutingTable): void => {
    dataPlane.replaceTable(port.applyTo(table))
    log.info('table', {
      revision: table.revision,
      hosts: table.hosts.length,
      backends: table.backends.length,
    })
  }
  const fallbackCertificate = shared.fallbackCertificate ?? (await makeFallbackCertificate(new Date()))
  const controlPlane = createControlPlane({
    source: fileSource(settings.manifests),
    settings: { ...settings.compile, fallbackCertificate },
    publish,
    report: reportNew(log),
  })

  let isReady = false
  const listeners: Listener[] = []
  const listen = async (address: ServeSettings['http'], isTls: boolean): Promise<Listener | undefined> => {
    if (address === undefined) return undefined
    // Read once: whoever changes it has to restart, because open connections began one way or the other.
    const { proxyProtocol } = dataPlane.table().settings
    const tls = isTls ? { tls: dataPlane.tls } : {}
    const listener = await engine.listen(
      { ...address, ...tls, proxyProtocol, reusePort: shared.reusePort ?? false, limits: CLIENT_LIMITS },
      dataPlane.serve,
    )
    listeners.push(listener)
    return listener
  }
  let admin: AdminServer | undefined
  const stop = async (): Promise<void> => {
    isReady = false
    await controlPlane.stop()
    await drain(listeners, settings.drainTimeoutMs, log)
    await admin?.close()
    await engine.close()
  }

  try {
    // Nobody is let in before there is a table.
    await controlPlane.start()
    const http = await listen(settings.http, false)
    const https = await listen(settings.https, true)
    port.setBound(https?.port)
    dataPlane.replaceTable(port.applyTo(dataPlane.table()))
    const pages: AdminPages = {
      ready: () => isReady,
      metrics: metricsPage(dataPlane),
      table: () => dataPlane.table(),
      diagnostics: () => controlPlane.diagnostics(),
    }
    admin = settings.admin && (await startAdmin(settings.admin, pages))
    isReady = true
    return {
      addresses: addresses(http, https, settings, admin),
      pages,
      refresh: () => controlPlane.refresh(),
      stop,
      lost: new Promise(() => undefined),
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function addresses(
  http: Listener | undefined,
  https: Listener | undefined,
  settings: ServeSettings,
  admin: AdminServer | undefined,
): Gateway['addresses'] {
  return {
    ...(http && { http: formatAddress(http) }),
    ...(https && { https: formatAddress(https) }),
    ...(admin && settings.admin && { admin: formatAddress({ host: settings.admin.host, port: admin.port }) }),
  }
}
