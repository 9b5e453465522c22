import type { AccessTokens } from '@postern/auth/fastify'
import { EndSessions, IssuedToken, Message, messages, TokenEnds, UseRefreshToken } from '@postern/contracts'
import { HttpProblem } from '@postern/service'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { SessionStore } from '../session-store.ts'

/** What {@link sessionRoutes} needs. */
export interface SessionRouteOptions {
  readonly sessions: SessionStore
  readonly tokens: AccessTokens
}

/** Clocks of replicas and verifiers differ; an end is told for a little longer than it matters. */
const MARGIN_MS = 60_000

/**
 * `POST /tokens/refresh` (a refresh token into a new pair); `POST /sessions/end`, `/sessions/end-everywhere` and `/sessions/end-all`;
 * `GET /sessions/ended`.
 */
export const sessionRoutes: FastifyPluginAsyncTypebox<SessionRouteOptions> = async (
  app,
  { sessions, tokens },
) => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
  app.route({
    method: 'POST',
    url: '/tokens/refresh',
    schema: { summary: 'Renew a session', body: UseRefreshToken, response: { 200: IssuedToken } },
    handler: async ({ body }) => {
      const renewal = await sessions.renew(body.refreshToken)
      if (renewal === undefined) throw new HttpProblem(401, 'session-over', messages.sessionOver)
      return {
        message: messages.tokenCreated,
        token: tokens.issue(renewal.subject, renewal.id),
        tokenType: 'Bearer' as const,
        expiresIn: tokens.lifetimeSeconds,
        refreshToken: renewal.refreshToken,
        refreshExpiresIn: sessions.lifetimeSeconds,
      }
    },
  })
  app.route({
    method: 'POST',
    url: '/sessions/end',
    schema: { summary: 'End a session', body: UseRefreshToken, response: { 200: Message } },
    handler: async ({ body }) => {
      await sessions.end(body.refreshToken)
      return { message: messages.sessionEnded }
    },
  })
  app.route({
    method: 'POST',
    url: '/sessions/end-everywhere',
    schema: {
      summary: 'End all sessions of a session’s account',
      body: UseRefreshToken,
      response: { 200: Message },
    },
    handler: async ({ body }) => {
      if (!(await sessions.end(body.refreshToken, 'account')))
        throw new HttpProblem(401, 'session-over', messages.sessionOver)
      return { message: messages.sessionEnded }
    },
  })
  app.route({
    method: 'POST',
    url: '/sessions/end-all',
    schema: { summary: 'End all sessions of an account', body: EndSessions, response: { 200: Message } },
    handler: async ({ body }) => {
      await sessions.endAll(body.uid)
      return { message: messages.sessionEnded }
    },
  })
  app.route({
    method: 'GET',
    url: '/sessions/ended',
    // Asked every two seconds by each replica of tasks and users.
    logLevel: 'warn',
    schema: {
      summary: 'List the accounts and sessions whose tokens are over before they expire',
      response: { 200: TokenEnds },
    },
    handler: async () => {
      const sinceMs = Date.now() - tokens.lifetimeSeconds * 1000 - MARGIN_MS
      const { accounts, sessions: ended } = await sessions.ends.since(sinceMs)
      return { message: messages.endsLoaded, ended: [...accounts], sessions: [...ended] }
    },
  })
}
