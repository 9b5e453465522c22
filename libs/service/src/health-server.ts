import Fastify, { type FastifyInstance } from 'fastify'
import { allPass } from './readiness-checks.ts'

/** The two answers that an orchestrator asks for; each may be flipped by hand in demo mode. */
export interface Probes {
  /** False asks for a restart. */
  live: boolean
  /** False asks for no more requests. */
  ready: boolean
}

/** What the health port tells about the service. */
export interface ServiceInfo {
  readonly name: string
  readonly version: string
  readonly demo: boolean
}

/**
 * Makes the server of the health port: `/healthz` and `/readiness` answer 200 or 503 with an empty body,
 * `/info` tells name, version and demo mode, `/metrics` is for Prometheus. In demo mode `/healthz/status` and `/readiness/status` flip their
 * probe (S4, V27), by GET as the lab does or by POST; otherwise they do not exist.
 */
export function createHealthServer(
  probes: Probes,
  info: ServiceInfo,
  { metrics, readinessChecks }: Pick<FastifyInstance, 'metrics' | 'readinessChecks'>,
): FastifyInstance {
  const app = Fastify({ logger: false })
  app.get('/healthz', (_request, reply) => reply.code(probes.live ? 200 : 503).send())
  app.get('/readiness', async (_request, reply) => {
    const ready = probes.ready && (await allPass(readinessChecks))
    return reply.code(ready ? 200 : 503).send()
  })
  app.get('/info', () => ({ name: info.name, version: info.version, demo: info.demo }))
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  )
  if (info.demo) addToggles(app, probes)
  return app
}

function addToggles(app: FastifyInstance, probes: Probes): void {
  const method = ['GET', 'POST']
  app.route({
    method,
    url: '/healthz/status',
    exposeHeadRoute: false,
    handler: (_request, reply) => {
      probes.live = !probes.live
      return reply.send()
    },
  })
  app.route({
    method,
    url: '/readiness/status',
    exposeHeadRoute: false,
    handler: (_request, reply) => {
      probes.ready = !probes.ready
      return reply.send()
    },
  })
}
