import type { PasswordHasher } from '@postern/auth'
import type { AccessTokens } from '@postern/auth/fastify'
import {
  IssuedToken,
  IssueToken,
  messages,
  VerifiedToken,
  VerifyToken as VerifyTokenBody,
} from '@postern/contracts'
import { HttpProblem } from '@postern/service'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { SessionStore } from '../session-store.ts'
import { verified, type VerifyToken } from '../verify-token.ts'

/** What {@link tokenRoutes} needs. */
export interface TokenRouteOptions {
  readonly hasher: PasswordHasher
  readonly tokens: AccessTokens
  readonly verify: VerifyToken
  readonly sessions: SessionStore
}

/** `POST /tokens` (a password into a token) and `POST /tokens/verify` (a token into whom it speaks for). */
export const tokenRoutes: FastifyPluginAsyncTypebox<TokenRouteOptions> = async (app, options) => {
  const { hasher, tokens, sessions } = options
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
  app.route({
    method: 'POST',
    url: '/tokens',
    schema: { summary: 'Turn a password into a token', body: IssueToken, response: { 200: IssuedToken } },
    handler: async ({ body }) => {
      const { matches, outdated } = await hasher.check(body.password, body.hash ?? undefined)
      if (!matches) throw new HttpProblem(401, 'wrong-password', messages.passwordsDiffer)
      const session = body.session === true ? await sessions.start(body.subject) : undefined
      return {
        message: messages.tokenCreated,
        token: tokens.issue(body.subject, session?.id),
        tokenType: 'Bearer' as const,
        expiresIn: tokens.lifetimeSeconds,
        ...(session !== undefined && {
          refreshToken: session.refreshToken,
          refreshExpiresIn: sessions.lifetimeSeconds,
        }),
        ...(outdated && { rehash: await hasher.hash(body.password) }),
      }
    },
  })
  app.route({
    method: 'POST',
    url: '/tokens/verify',
    schema: {
      summary: 'Say whom a token speaks for',
      body: VerifyTokenBody,
      response: { 200: VerifiedToken },
    },
    handler: ({ body }) => verified(options.verify, body.token),
  })
}
