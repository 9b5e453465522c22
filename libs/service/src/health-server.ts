import Fastify, { type FastifyInstance } from 'fastify'

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
 * `/info` tells name, version and demo mode. In demo mode `/healthz/status` and `/readiness/status` flip their
 * probe (S4, V27), by GET as the lab does or by POST; otherwise they do not exist.
 */
export function createHealthServer(probes: Probes, info: ServiceInfo): FastifyInstance {
  const app = Fastify({ logger: false })
  app.get('/healthz', (_request, reply) => reply.code(probes.live ? 200 : 503).send())
  app.get('/readiness', (_request, reply) => reply.code(probes.ready ? 200 : 503).send())
  app.get('/info', () => info)
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
