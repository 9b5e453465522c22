// Compiles for workers that share the ports, speaks for them on the admin port, and stops them together.
import { startAdmin, type AdminPages } from '../admin.ts'
import { createControlProcess, type ControlProcess } from '../control-process/create-control-process.ts'
import { makeFallbackCertificate } from '../fallback-certificate.ts'
import { formatAddress } from '../listen-address.ts'
import type { Log } from '../log.ts'
import { reportNew } from '../report-new.ts'
import type { RunningGateway } from '../serve.ts'
import type { ServeSettings } from '../settings.ts'
import { Crew } from './crew.ts'
import { freePorts } from './free-ports.ts'
import { sumMetrics } from './sum-metrics.ts'

/** Resolves when every worker serves; rejects with the reason of the first that cannot. */
export async function startWorkers(settings: ServeSettings, log: Log): Promise<RunningGateway> {
  const [http, https] = await freePorts(settings.http, settings.https)
  const shared: ServeSettings = { ...settings, http, https }
  const controlPlane = createControlProcess({
    ...{ manifests: settings.manifests, log, report: reportNew(log) },
    settings: { ...settings.compile, fallbackCertificate: await makeFallbackCertificate(new Date()) },
    // It serves nothing itself.
    publish: () => undefined,
    relay: (message) => crew.tellAll({ kind: 'table', message }),
  })
  const crew = new Crew({
    size: settings.workers,
    log,
    startMessage: (isSpokesman) => ({
      ...{ kind: 'start', settings: shared, whole: controlPlane.whole(), isSpokesman },
    }),
  })
  let isReady = false
  let admin: Awaited<ReturnType<typeof startAdmin>> | undefined
  const stop = async (): Promise<void> => {
    isReady = false
    await controlPlane.stop()
    await crew.stop()
    await admin?.close()
  }
  try {
    await controlPlane.start()
    await crew.start()
    const port = settings.redirectPort ?? https?.port ?? settings.compile.httpsRedirectPort
    const pages = pagesOf(crew, controlPlane, port, () => isReady)
    admin = settings.admin && (await startAdmin(settings.admin, pages))
  } catch (error) {
    await stop()
    throw error
  }
  isReady = true
  const addresses = {
    ...(http && { http: formatAddress(http) }),
    ...(https && { https: formatAddress(https) }),
    ...(admin && settings.admin && { admin: formatAddress({ host: settings.admin.host, port: admin.port }) }),
  }
  const lost = new Promise<void>(() => undefined)
  return { addresses, refresh: () => controlPlane.refresh(), stop, lost }
}

function pagesOf(
  crew: Crew,
  controlPlane: ControlProcess,
  httpsPort: number,
  ready: () => boolean,
): AdminPages {
  return {
    ready,
    metrics: async () => sumMetrics(await crew.show('metrics')),
    table: async () => {
      const [table] = await crew.show('table')
      if (table === undefined) throw new Error('no worker serves at the moment: ask again')
      return JSON.parse(table) as unknown
    },
    diagnostics: () => controlPlane.diagnostics(),
    explain: (query) => controlPlane.explain(query, httpsPort),
  }
}
