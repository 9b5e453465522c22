import type { Principal } from '@postern/auth'
import { CallError } from '@postern/clients'
import { AccountChange, AccountDeletion, Message, messages, OwnAccount } from '@postern/contracts'
import { callContext, HttpProblem, unavailable } from '@postern/service'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { checkEmail } from '../check-email.ts'
import { checkPassword } from '../check-password.ts'
import type { CheckLoginLimits } from '../login-limits.ts'
import type { OwnAccounts } from '../own-accounts.ts'
import type { SessionCookie } from '../session-cookie.ts'

/** What {@link ownAccountRoutes} needs. */
export interface OwnAccountOptions {
  readonly own: OwnAccounts
  readonly authenticate: (request: FastifyRequest) => Promise<Principal>
  readonly checkLimits: CheckLoginLimits
  readonly cookie: SessionCookie
  readonly passwordMinLength: number
}

const config = { invalidMessage: messages.passwordNeeded, failureMessage: messages.accountNotChanged }
const security = [{ bearer: [] }]

const orUnavailable = (error: unknown): never => {
  throw error instanceof CallError ? unavailable(messages.accountNotChanged, error) : error
}

/** `GET`, `PATCH` and `DELETE /me`; whoever changes or deletes an account says its password again. */
export const ownAccountRoutes: FastifyPluginAsyncTypebox<OwnAccountOptions> = async (app, options) => {
  const { own, authenticate, checkLimits, cookie } = options
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
  app.route({
    method: 'GET',
    url: '/me',
    schema: { summary: 'Show your account', security, response: { 200: OwnAccount } },
    handler: async (request) => {
      const { uid, email } = await own.get((await authenticate(request)).uid)
      return { message: messages.accountLoaded, uid, email }
    },
  })
  app.route({
    method: 'PATCH',
    url: '/me',
    schema: {
      summary: 'Change your e-mail or password',
      security,
      body: AccountChange,
      response: { 200: OwnAccount },
    },
    config,
    handler: async (request, reply) => {
      const { password, newEmail, newPassword } = request.body
      const account = await own.get((await authenticate(request)).uid)
      if (newEmail !== undefined) checkEmail(newEmail, 'newEmail')
      if (newPassword !== undefined) checkPassword(newPassword, options.passwordMinLength)
      await checkLimits(request, account.email)
      const change = {
        ...(newEmail !== undefined && { newEmail }),
        ...(newPassword !== undefined && { newPassword }),
      }
      const changed = await own.change(account, password, change, callContext(request)).catch(orUnavailable)
      if (changed === 'taken') throw new HttpProblem(409, 'user-exists', messages.userExists)
      cookie.write(request, reply, changed.session)
      return { message: messages.accountChanged, uid: changed.uid, email: changed.email }
    },
  })
  app.route({
    method: 'DELETE',
    url: '/me',
    schema: {
      summary: 'Delete your account and its tasks',
      security,
      body: AccountDeletion,
      response: { 200: Message },
    },
    config,
    handler: async (request, reply) => {
      const account = await own.get((await authenticate(request)).uid)
      await checkLimits(request, account.email)
      await own.remove(account, request.body.password, callContext(request)).catch(orUnavailable)
      cookie.clear(request, reply)
      return { message: messages.accountDeleted }
    },
  })
}
