import underPressure from '@fastify/under-pressure'
import { createService, readServiceSettings } from '@postern/service'
import { fastify, LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { randomUUID } from 'node:crypto'
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client'

/** What is compared, from the barest to the kit. */
export const TARGETS = {
  'plain Fastify, no log': () => fastify(),
  'plain Fastify with its log': () => fastify({ logger: true }),
  'plain Fastify with the kit’s line': withLine,
  'plain Fastify, all by hand': byHand,
  kit: () => createService(readServiceSettings('bench', { port: 8000 })),
} satisfies Readonly<Record<string, () => FastifyInstance>>

export type TargetName = keyof typeof TARGETS

/** The same two routes for every target: an answer with a schema, and a body that is checked. */
export function addRoutes(app: FastifyInstance): void {
  const message = { type: 'object', properties: { message: { type: 'string' } } }
  const text = { type: 'string', minLength: 1, maxLength: 10_000 }
  const body = { type: 'object', required: ['title', 'text'], properties: { title: text, text } }
  app.get('/tasks', { schema: { response: { 200: message } } }, () => ({ message: 'Tasks loaded.' }))
  app.post('/tasks', { schema: { body, response: { 201: message } } }, (_request, reply) =>
    reply.code(201).send({ message: 'Task stored.' }),
  )
}

/** One access line with the members of the kit's, through Fastify's own logger. */
function withLine(): FastifyInstance {
  const app = fastify({ logger: true, logController: new LogController({ disableRequestLogging: true }) })
  app.addHook('onResponse', (request, reply, done) => {
    request.log.info(accessRecord(request, reply), 'request')
    done()
  })
  return app
}

/**
 * What a careful user of plain Fastify writes for what the kit gives: ids that callers may send, one access line with the same
 * members, the numbers of `prom-client` and load shedding as their READMEs show them.
 */
function byHand(): FastifyInstance {
  const app = fastify({
    logger: {
      formatters: { level: (level) => ({ level }) },
      redact: ['password', 'token', '*.password', '*.token'],
    },
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: ({ headers }) => String(headers['x-request-id'] ?? randomUUID()),
  })
  const register = new Registry()
  collectDefaultMetrics({ register })
  const shared = { help: 'Requests', labelNames: ['method', 'route', 'status'], registers: [register] }
  const requests = new Counter({ name: 'http_requests_total', ...shared })
  const seconds = new Histogram({ name: 'http_request_duration_seconds', ...shared })
  app.register(underPressure, { maxEventLoopDelay: 2_000 })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    const labels = { method: request.method, route, status: reply.statusCode }
    requests.inc(labels)
    seconds.observe(labels, reply.elapsedTime / 1000)
    request.log.info(accessRecord(request, reply), 'request')
  })
  return app
}

function accessRecord(request: FastifyRequest, { statusCode, elapsedTime }: FastifyReply): object {
  const { remoteAddress, remotePort } = request.socket
  return {
    method: request.method,
    path: request.url.split('?', 1)[0],
    httpVersion: request.raw.httpVersion,
    status: statusCode,
    durationMs: elapsedTime,
    remote: `${remoteAddress}:${remotePort}`,
    userAgent: request.headers['user-agent'],
  }
}
