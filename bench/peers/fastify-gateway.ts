// @fastify/http-proxy with what a gateway does besides: Fastify's own log, the limit of @fastify/rate-limit, request ids, the
// same forwarded headers, and a histogram per status by prom-client.
import proxy from '@fastify/http-proxy'
import rateLimit from '@fastify/rate-limit'
import Fastify from 'fastify'
import { randomUUID } from 'node:crypto'
import { Histogram } from 'prom-client'

const { PORT = '0', UPSTREAM_PORT = '0' } = process.env
const durations = new Histogram({
  name: 'duration_seconds',
  help: 'Time per request.',
  labelNames: ['status'],
})
const app = Fastify({
  logger: true,
  genReqId: () => randomUUID(),
  keepAliveTimeout: 3_600_000,
  requestTimeout: 0,
})
app.addHook('onResponse', (_request, reply, done) => {
  durations.observe({ status: reply.statusCode }, reply.elapsedTime / 1000)
  done()
})
await app.register(rateLimit, { max: 1_000_000, timeWindow: 1_000 })
await app.register(proxy, {
  upstream: `http://127.0.0.1:${UPSTREAM_PORT}`,
  undici: { connections: 256, pipelining: 1, keepAliveTimeout: 3_600_000 },
  replyOptions: {
    rewriteRequestHeaders: (request, headers) => {
      const address = request.socket.remoteAddress ?? ''
      const { host } = request
      return {
        ...headers,
        'x-request-id': request.id,
        'x-real-ip': address,
        'x-forwarded-for': address,
        'x-forwarded-host': host,
        'x-forwarded-port': PORT,
        'x-forwarded-proto': 'http',
        'x-forwarded-scheme': 'http',
        'x-scheme': 'http',
      }
    },
  },
})
await app.listen({ port: Number(PORT), host: '127.0.0.1' })
