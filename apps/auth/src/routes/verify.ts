import { readBearerToken } from '@postern/auth'
import { VerifiedToken } from '@postern/contracts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { verified, type VerifyToken } from '../verify-token.ts'

/** What {@link verifyRoute} needs. */
export interface VerifyRouteOptions {
  readonly verify: VerifyToken
}

/**
 * `GET /verify` and `GET /auth/verify`, fit for `auth-url` of an Ingress controller: 200 with `X-Auth-Request-User` (and `-Email`)
 * for the bearer token's account, else 401 with `WWW-Authenticate`.
 */
export const verifyRoute: FastifyPluginAsyncTypebox<VerifyRouteOptions> = async (app, { verify }) => {
  for (const url of ['/verify', '/auth/verify']) {
    app.route({
      method: 'GET',
      url,
      schema: {
        summary: 'Say whom the bearer token speaks for',
        security: [{ bearer: [] }],
        response: { 200: VerifiedToken },
      },
      handler: async ({ headers }, reply) => {
        reply.headers({ 'cache-control': 'no-store', 'www-authenticate': 'Bearer' })
        const bearer = readBearerToken(headers.authorization)
        const answer = await verified(verify, bearer.kind === 'token' ? bearer.token : undefined)
        reply.removeHeader('www-authenticate')
        reply.header('x-auth-request-user', answer.uid)
        if (answer.email !== undefined) reply.header('x-auth-request-email', encodeURI(answer.email))
        return answer
      },
    })
  }
}
