import httpProxy from '@fastify/http-proxy'
import { HttpProblem } from '@postern/service'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { IncomingHttpHeaders } from 'node:http'

/** Where the services answer, for example `http://users-service.default:8080`. */
export interface ApiOrigins {
  readonly users: string
  readonly tasks: string
}

type Client = Pick<FastifyRequest, 'id' | 'ip' | 'host' | 'protocol' | 'method'>

const CONNECT_TIMEOUT_MS = 3_000
const ANSWER_TIMEOUT_MS = 15_000

/** D12: `/api/` leads to tasks as in the course; what the users service answers is more specific and goes there. */
const USERS_PATH = /^\/api\/(login|signup|logout|refresh|me)(?=[/?]|$)/

/** Fields of one connection (RFC 9110 §7.6.1), and `Expect`, which this server has answered already. */
const NOT_PASSED_ON = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade', 'expect']

/**
 * `/api/…` without the prefix, to the service it belongs to (S0.40); `/api` itself is redirected to `/api/` as nginx does.
 * A service is looked up and reached when a request needs it, so the page is there while a service is not (D11).
 */
export const apiProxy: FastifyPluginAsync<ApiOrigins> = async (app, { users, tasks }) => {
  app.all('/api', (request, reply) => {
    const query = request.url.slice('/api'.length)
    return reply.redirect(`/api/${query}`, 301)
  })
  await app.register(httpProxy, {
    upstream: '',
    prefix: '/api',
    routes: ['/*'],
    disableRequestLogging: true,
    undici: {
      connect: { timeout: CONNECT_TIMEOUT_MS },
      headersTimeout: ANSWER_TIMEOUT_MS,
      bodyTimeout: ANSWER_TIMEOUT_MS,
    },
    replyOptions: {
      getUpstream: ({ url }) => (USERS_PATH.test(url) ? users : tasks),
      rewriteRequestHeaders: forwardedHeaders,
      // The default sends a GET again, up to ten times, when the service says 503: an outage needs no extra load.
      retryDelay: () => null,
      onError: (reply, { error }) => void reply.send(failure(error)),
    },
  })
}

/** What the service hears of the client; a header of the client's own making is replaced unless its sender is trusted. */
function forwardedHeaders(client: Client, headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const passed = Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_PASSED_ON.includes(name)))
  // The body of a GET is not read, so its length must not be promised.
  if (client.method === 'GET' || client.method === 'HEAD') delete passed['content-length']
  return {
    ...passed,
    'x-request-id': client.id,
    'x-forwarded-for': client.ip,
    'x-forwarded-host': client.host,
    'x-forwarded-proto': client.protocol,
  }
}

function failure(error: Error & { readonly statusCode?: number }): HttpProblem {
  const details = { cause: error.cause ?? error }
  if (error.statusCode === 504) {
    const message = 'The service took too long to answer, please try again later.'
    return new HttpProblem(504, 'backend-timeout', message, details)
  }
  const message = 'The service cannot be reached at the moment, please try again later.'
  return new HttpProblem(502, 'backend-unreachable', message, details)
}
