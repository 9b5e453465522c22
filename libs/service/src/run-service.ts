import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createHealthServer, type Probes } from './health-server.ts'
import { formatAddress, type ListenAddress } from './listen-address.ts'
import type { ServiceSettings } from './settings.ts'
import { listenFailure } from './start-error.ts'

/** How often connections that fell idle are closed while a service drains. */
const SWEEP_MS = 50
/** So long whoever keeps connections open is told to let go of them. */
const LET_GO_MS = 1_000

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
  const health = createHealthServer(probes, settings, app)
  const close = drain(app, health, probes, settings, hooks)
  try {
    app.log.info('Starting server...')
    await app.ready()
    const healthUrl = await openHealthPort(app, health, settings)
    const url = await openPort(app, settings, 'PORT')
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
  app: FastifyInstance,
  health: FastifyInstance,
  { healthHost, healthPort }: ServiceSettings,
): Promise<string | undefined> {
  if (healthPort === 'off') return undefined
  const url = await openPort(health, { host: healthHost, port: healthPort }, 'HEALTH_PORT')
  app.log.info(`Health service listening on ${withoutScheme(url)}`)
  return url
}

async function openPort(
  app: FastifyInstance,
  { host, port }: ListenAddress,
  setting: string,
): Promise<string> {
  // Fastify logs a line of its own for each address of the machine; the contract wants one.
  const level = app.log.level
  app.log.level = 'silent'
  try {
    await app.listen({ host, port })
  } catch (error) {
    throw listenFailure({ host, port }, setting, error)
  } finally {
    app.log.level = level
  }
  const bound = app.server.address() as AddressInfo
  return `http://${formatAddress({ host, port: bound.port })}`
}

function drain(
  app: FastifyInstance,
  health: FastifyInstance,
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
      await letGo(app.server)
    }
    await closeListener(app)
    await hooks.onClose?.()
    await health.close()
  }
  return () => (closed ??= run())
}

/**
 * Answers say that their connection ends, before those that stand idle are closed: a request that is sent on one at that very
 * moment is lost, and a gateway may not send a POST again (RFC 9110 §9.2.2).
 */
async function letGo(server: Server): Promise<void> {
  server.prependListener('request', (_request, response: ServerResponse) => {
    response.setHeader('connection', 'close')
  })
  for (let waited = 0; waited < LET_GO_MS && (await connectionsOf(server)) > 0; waited += SWEEP_MS)
    await sleep(SWEEP_MS)
}

async function connectionsOf(server: Server): Promise<number> {
  return promisify((done: (error: Error | null, count: number) => void) => server.getConnections(done))()
}

/**
 * Stops accepting and waits for the answers in flight. A connection that is kept alive after its last answer would hold the
 * end up until its timeout: Node closes only those that are idle at the moment of closing.
 */
async function closeListener(app: FastifyInstance): Promise<void> {
  const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS)
  try {
    await app.close()
  } finally {
    clearInterval(sweep)
  }
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
