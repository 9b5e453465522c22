import { HttpProblem } from '@postern/service'
import type { FastifyPluginAsync } from 'fastify'
import { fetchMessage, UpstreamFailure } from './fetch-message.ts'
import type { ProxySettings } from './settings.ts'

/** `GET /`: asks the service in the other namespace and shows what it said (S1.23). */
export const messageRoute: FastifyPluginAsync<ProxySettings> = async (app, { upstream, timeoutMs }) => {
  app.get('/', async (request, reply) => {
    const message = await fetchMessage(upstream, { timeoutMs, requestId: request.id }).catch(refuse)
    return reply.type('text/plain; charset=utf-8').send(`received message: ${message.trimEnd()}\n`)
  })
}

function refuse(error: unknown): never {
  if (!(error instanceof UpstreamFailure)) throw error
  const code = error.status === 504 ? 'upstream-timeout' : 'upstream-failure'
  throw new HttpProblem(error.status, code, error.message, { cause: error })
}
