import { AccessToken, Credentials, messages } from '@postern/contracts'
import { CallError } from '@postern/clients'
import { callContext, HttpProblem, unavailable } from '@postern/service'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Accounts } from '../accounts.ts'
import type { CheckLoginLimits } from '../login-limits.ts'
import type { SessionCookie } from '../session-cookie.ts'

/** What {@link logInRoute} needs. */
export interface LogInOptions {
  readonly accounts: Accounts
  readonly checkLimits: CheckLoginLimits
  readonly cookie: SessionCookie
}

/** `POST /login`: a token, and a session in a cookie; the same 401 for an unknown address and a wrong password (W4). */
export const logInRoute: FastifyPluginAsyncTypebox<LogInOptions> = async (
  app,
  { accounts, checkLimits, cookie },
) => {
  app.route({
    method: 'POST',
    url: '/login',
    schema: { summary: 'Log in', body: Credentials, response: { 200: AccessToken } },
    config: { invalidMessage: messages.credentialsMissing, failureMessage: messages.loginFailed },
    handler: async (request, reply) => {
      await checkLimits(request, request.body.email)
      const issued = await accounts.logIn(request.body, callContext(request)).catch((error: unknown) => {
        throw error instanceof CallError ? unavailable(messages.loginFailed, error) : error
      })
      if (issued === undefined) throw new HttpProblem(401, 'login-failed', messages.loginFailed)
      cookie.write(request, reply, issued)
      const { token, tokenType, expiresIn } = issued
      return reply.header('cache-control', 'no-store').send({ token, tokenType, expiresIn })
    },
  })
}
