import fastifyCors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import type { CorsOrigins } from './cors-origins.ts'

/** The course's step 06 puts these three on every answer, before routing (S0.34). */
const EVERYBODY = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST,GET,OPTIONS',
  'access-control-allow-headers': 'Content-Type,Authorization',
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
const REQUEST_HEADERS = [
  'Content-Type',
  'Authorization',
  'If-Match',
  'If-None-Match',
  'X-Request-ID',
  'traceparent',
]
const RESPONSE_HEADERS = ['ETag', 'Retry-After', 'X-Request-ID']

/** Lets pages of other origins read the answers, as `CORS_ORIGINS` says; never with credentials, as tokens travel in a header. */
export function allowOrigins(app: FastifyInstance, origins: CorsOrigins): void {
  switch (origins.kind) {
    case 'none':
      return
    case 'any':
      allowEverybody(app)
      return
    case 'list':
      app.register(fastifyCors, {
        origin: [...origins.origins],
        methods: METHODS,
        allowedHeaders: REQUEST_HEADERS,
        exposedHeaders: RESPONSE_HEADERS,
        maxAge: 600,
        strictPreflight: false,
      })
  }
}

/** A preflight for a method that the course did not have is told of all methods and headers. */
function allowEverybody(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(EVERYBODY)
    const wanted = request.headers['access-control-request-method']
    if (request.method !== 'OPTIONS' || wanted === undefined) {
      done()
      return
    }
    if (!EVERYBODY['access-control-allow-methods'].split(',').includes(wanted)) {
      reply.header('access-control-allow-methods', [...METHODS, 'OPTIONS'].join(','))
      reply.header('access-control-allow-headers', REQUEST_HEADERS.join(','))
    }
    reply.code(204).send()
  })
}
