import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import { setTimeout as sleep } from 'node:timers/promises'
import { createHealthServer, type Probes } from './health-server.ts'
import { createListeners, type Listeners } from './listeners.ts'
import type { ServiceSettings } from './settings.ts'

/** What a service does beside answering requests. */
export interface ServiceHooks {
  /** Closes what the service holds (clients first, stores last) after the last request has been answered. */
  onClose?(): Promise<void>
}

/** A service that listens. */
export interface RunningService {
  /** Where requests arrive, for example `http://127.0.0.1:8080`. */
  readonly url: string
  /** Where probes arrive; undefined when `HEALTH_PORT` is `off`. */
  readonly healthUrl: string | undefined
  /** Drains and closes, as a signal does, without ending the process. */
  close(): Promise<void>
}

/**
 * Listens and stays until SIGTERM or SIGINT, then: readiness 503, wait `drainDelayMs`, let go of kept connections, stop accepting, finish
 * what is in flight, `onClose`, close the health port, exit 0. What does not finish within `drainTimeoutMs` is cut and the exit code is 1.
 *
 * @throws StartError when a port cannot be opened or a plugin does not load.
 */
export async function runService(
  app: FastifyInstance,
  settings: ServiceSettings,
  hooks: ServiceHooks = {},
): Promise<RunningService> {
  const probes: Probes = { live: true, ready: false }
  const service = createListeners(app)
  const health = createListeners(createHealthServer(probes, settings, app))
  const close = drain({ service, health }, probes, settings, hooks)
  try {
    app.log.info('Starting server...')
    await app.ready()
    const healthUrl = await openHealthPort(health, settings)
    if (healthUrl !== undefined) app.log.info(`Health service listening on ${withoutScheme(healthUrl)}`)
    const url = await service.open(settings, 'PORT')
    app.log.info(`HTTP service listening on ${withoutScheme(url)}`)
    probes.ready = true
    const stopping = stopOnSignal(app, settings, close)
    return {
      url,
      healthUrl,
      close: () => {
        stopping.uninstall()
        return close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function openHealthPort(
  health: Listeners,
  { healthHost: host, healthPort: port }: ServiceSettings,
): Promise<string | undefined> {
  return port === 'off' ? undefined : health.open({ host, port }, 'HEALTH_PORT')
}

function drain(
  { service, health }: { readonly service: Listeners; readonly health: Listeners },
  probes: Probes,
  settings: ServiceSettings,
  hooks: ServiceHooks,
): () => Promise<void> {
  let closed: Promise<void> | undefined
  const run = async (): Promise<void> => {
    const wasReady = probes.ready
    probes.ready = false
    if (wasReady) {
      await sleep(settings.drainDelayMs)
      await service.letGo()
    }
    await service.close()
    await hooks.onClose?.()
    await health.close()
  }
  return () => (closed ??= run())
}

function stopOnSignal(
  app: FastifyInstance,
  settings: ServiceSettings,
  close: () => Promise<void>,
): { uninstall(): void } {
  const delay = settings.drainDelayMs + settings.drainTimeoutMs
  return closeWithGrace({ delay, logger: app.log }, async ({ signal, err }) => {
    if (err !== undefined) app.log.fatal({ err }, 'stopping after an error that nothing caught')
    else app.log.info(`stopping${signal === undefined ? '' : ` on ${signal}`}`)
    await close()
  })
}

function withoutScheme(url: string): string {
  return url.slice('http://'.length)
}
