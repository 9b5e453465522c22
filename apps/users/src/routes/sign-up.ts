import { Credentials, Message, messages } from '@postern/contracts'
import { CallError } from '@postern/clients'
import { callContext, HttpProblem, unavailable } from '@postern/service'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Accounts } from '../accounts.ts'
import { checkEmail } from '../check-email.ts'
import { checkPassword } from '../check-password.ts'
import type { CheckLoginLimits } from '../login-limits.ts'
import type { UsersSettings } from '../settings.ts'

/** What {@link signUpRoute} needs. */
export interface SignUpOptions {
  readonly accounts: Accounts
  readonly checkLimits: CheckLoginLimits
  readonly settings: Pick<UsersSettings, 'demo' | 'passwordMinLength' | 'strictSignup'>
}

/**
 * `POST /signup`: 201, also for the same pair again (D4); 409 for a known address with another password. That tells whether a
 * password is right, so it counts as a log-in does.
 */
export const signUpRoute: FastifyPluginAsyncTypebox<SignUpOptions> = async (
  app,
  { accounts, checkLimits, settings },
) => {
  app.route({
    method: 'POST',
    url: '/signup',
    schema: { summary: 'Sign up', body: Credentials, response: { 201: Message } },
    config: { invalidMessage: messages.credentialsMissing, failureMessage: messages.userNotCreated },
    handler: async (request, reply) => {
      checkEmail(request.body.email, 'email')
      checkPassword(request.body.password, settings.passwordMinLength)
      await checkLimits(request, request.body.email)
      const outcome = await accounts.signUp(request.body, callContext(request)).catch((error: unknown) => {
        throw error instanceof CallError ? authFailure(error, settings.demo) : error
      })
      if (outcome === 'taken' || (outcome === 'again' && settings.strictSignup)) {
        throw new HttpProblem(409, 'user-exists', messages.userExists)
      }
      return reply.code(201).send({ message: messages.userCreated })
    },
  })
}

/** The course prints a 500 for this, so demo mode answers it; otherwise the client learns that trying again helps. */
function authFailure(error: CallError, demo: boolean): HttpProblem {
  if (!demo) return unavailable(messages.userNotCreated, error)
  return new HttpProblem(500, 'auth-unavailable', messages.userNotCreated, { cause: error })
}
