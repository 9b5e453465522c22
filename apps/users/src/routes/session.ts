import { AccessToken, LogOut, Message, messages } from '@postern/contracts'
import { CallError, type AuthClient, type CallContext } from '@postern/clients'
import { callContext, HttpProblem, unavailable } from '@postern/service'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { refuseOtherSites } from '../refuse-other-sites.ts'
import type { SessionCookie } from '../session-cookie.ts'

/** What {@link sessionRoutes} needs. */
export interface SessionRouteOptions {
  readonly auth: AuthClient
  readonly cookie: SessionCookie
}

const orUnavailable = (error: unknown): never => {
  throw error instanceof CallError ? unavailable(messages.unavailable, error) : error
}

/** `POST /refresh`: a new access token for the session of the cookie; `POST /logout` ends it, or all of its account. */
export const sessionRoutes: FastifyPluginAsyncTypebox<SessionRouteOptions> = async (
  app,
  { auth, cookie },
) => {
  /** Without a session nobody knows whose are meant: to answer that they are ended would be wrong. */
  const endEverywhere = async (refreshToken: string | undefined, context: CallContext): Promise<void> => {
    const ended =
      refreshToken !== undefined &&
      (await auth.endSessionsEverywhere(refreshToken, context).catch(orUnavailable))
    if (!ended) throw new HttpProblem(401, 'session-over', messages.sessionOver)
  }
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    refuseOtherSites(request)
  })
  app.route({
    method: 'POST',
    url: '/refresh',
    schema: { summary: 'Renew the access token', response: { 200: AccessToken } },
    handler: async (request, reply) => {
      const refreshToken = cookie.read(request)
      const renewed =
        refreshToken === undefined
          ? undefined
          : await auth.refresh(refreshToken, callContext(request)).catch(orUnavailable)
      if (renewed?.refreshToken === undefined)
        throw new HttpProblem(401, 'session-over', messages.sessionOver)
      cookie.write(request, reply, renewed)
      const { token, tokenType, expiresIn } = renewed
      return { token, tokenType, expiresIn }
    },
  })
  app.route({
    method: 'POST',
    url: '/logout',
    schema: { summary: 'Log out, here or everywhere', body: LogOut, response: { 200: Message } },
    config: { optionalBody: true },
    handler: async (request, reply) => {
      const refreshToken = cookie.read(request)
      if (request.body.everywhere === true) await endEverywhere(refreshToken, callContext(request))
      else if (refreshToken !== undefined)
        await auth.endSession(refreshToken, callContext(request)).catch(orUnavailable)
      cookie.clear(request, reply)
      return { message: messages.loggedOut }
    },
  })
}
