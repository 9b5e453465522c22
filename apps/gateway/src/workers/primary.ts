// Starts workers that share the ports, speaks for them on the admin port, and stops them together.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { startAdmin } from '../admin.ts'
import { makeFallbackCertificate } from '../fallback-certificate.ts'
import { formatAddress } from '../listen-address.ts'
import type { Log } from '../log.ts'
import type { RunningGateway } from '../serve.ts'
import type { ServeSettings } from '../settings.ts'
import { freePort } from './free-port.ts'
import type { ShownPage, ToPrimary, ToWorker } from './messages.ts'
import { sumMetrics } from './sum-metrics.ts'

/** Resolves when every worker serves; rejects with the reason of the first that cannot. */
export async function startWorkers(settings: ServeSettings, log: Log): Promise<RunningGateway> {
  if (settings.manifests.includes('-')) {
    throw new Error('standard input can be read by one process only: use --workers 1, or give a file')
  }
  const http = settings.http && (await freePort(settings.http))
  const https = settings.https && (await freePort(settings.https))
  const fallbackCertificate = await makeFallbackCertificate(new Date())
  const shared: ServeSettings = { ...settings, http, https }
  const workers = Array.from({ length: settings.workers }, () =>
    fork(process.argv[1] ?? '', ['worker'], { serialization: 'advanced' }),
  )
  const tellAll = (message: ToWorker): void => {
    for (const worker of workers) if (worker.connected) worker.send(message)
  }
  const gone = workers.map((worker) => once(worker, 'exit'))
  let isReady = false
  let isStopping = false

  const stop = async (): Promise<void> => {
    isReady = false
    isStopping = true
    tellAll({ kind: 'stop' })
    await Promise.all(gone)
    await admin?.close()
  }
  let admin: Awaited<ReturnType<typeof startAdmin>> | undefined
  try {
    await Promise.all(
      workers.map((worker, i) =>
        startOne(worker, { kind: 'start', settings: shared, fallbackCertificate, isSpokesman: i === 0 }),
      ),
    )
    admin =
      settings.admin &&
      (await startAdmin(
        settings.admin,
        pagesOf(workers, () => isReady),
      ))
  } catch (error) {
    await stop()
    throw error
  }
  isReady = true
  const lost = Promise.race(gone).then(([code]) => {
    if (isStopping) return
    // Half of the promised processes is no promise kept: whoever supervises this one starts all of them anew.
    log.error('a worker ended by itself: stopping the others', { code })
    isReady = false
    tellAll({ kind: 'stop' })
  })
  const addresses = {
    ...(http && { http: formatAddress(http) }),
    ...(https && { https: formatAddress(https) }),
    ...(admin && settings.admin && { admin: formatAddress({ host: settings.admin.host, port: admin.port }) }),
  }
  return { addresses, refresh: () => tellAll({ kind: 'refresh' }), stop, lost }
}

function startOne(worker: ChildProcess, start: ToWorker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('exit', (code) =>
      reject(new Error(`a worker ended while it started, with code ${String(code)}`)),
    )
    worker.once('message', (message: ToPrimary) => {
      if (message.kind === 'failed') reject(new Error(message.message))
      else resolve()
    })
    worker.send(start)
  })
}

function pagesOf(workers: readonly ChildProcess[], ready: () => boolean): Parameters<typeof startAdmin>[1] {
  const first = async (page: ShownPage): Promise<unknown> => {
    const worker = workers.find(({ connected }) => connected)
    return worker === undefined ? [] : JSON.parse(await show(worker, page))
  }
  return {
    ready,
    metrics: async () =>
      sumMetrics(
        await Promise.all(
          workers.filter(({ connected }) => connected).map((worker) => show(worker, 'metrics')),
        ),
      ),
    table: () => first('table'),
    diagnostics: () => first('diagnostics'),
  }
}

let lastId = 0

function show(worker: ChildProcess, page: ShownPage): Promise<string> {
  const id = ++lastId
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.off('message', onMessage).off('exit', onExit)
      act()
    }
    const onMessage = (message: ToPrimary): void => {
      if (message.kind === 'shown' && message.id === id) settle(() => resolve(message.text))
    }
    const onExit = (): void => settle(() => reject(new Error('the worker ended before it answered')))
    worker.on('message', onMessage).once('exit', onExit)
    worker.send({ kind: 'show', page, id } satisfies ToWorker)
  })
}
