// @fastify/http-proxy in its documented minimal set-up, with upstream keep-alive.
import proxy from '@fastify/http-proxy'
import Fastify from 'fastify'

const { PORT = '0', UPSTREAM_PORT = '0' } = process.env
const app = Fastify({ keepAliveTimeout: 3_600_000, requestTimeout: 0 })
await app.register(proxy, {
  upstream: `http://127.0.0.1:${UPSTREAM_PORT}`,
  undici: { connections: 256, pipelining: 1, keepAliveTimeout: 3_600_000 },
  replyOptions: {
    rewriteRequestHeaders: (request, headers) => ({
      ...headers,
      'x-forwarded-for': request.socket.remoteAddress ?? '',
      'x-forwarded-proto': 'http',
    }),
  },
})
await app.listen({ port: Number(PORT), host: '127.0.0.1' })
