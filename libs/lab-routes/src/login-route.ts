import type { FastifyPluginAsync } from 'fastify'
import { acceptAnyRequest, freeMethods } from '@postern/service'
import { readBasicCredentials } from './authorization-header.ts'
import { matchesAccount, type LabAccount } from './lab-account.ts'
import { issueLabToken } from './lab-token.ts'
import { sendAuthorizationFailed, sendLine } from './plain-reply.ts'

/** What {@link loginRoute} needs. */
export interface LoginOptions {
  /** The secret that tokens are signed with. */
  readonly secret: string
  /** The account that may log in; without one every attempt is refused. */
  readonly account: LabAccount | undefined
}

/** `/login`: HTTP Basic in, `{"token":…}` out, whatever the method; every failure is the same 401. */
export const loginRoute: FastifyPluginAsync<LoginOptions> = async (app, { secret, account }) => {
  acceptAnyRequest(app)
  app.route({
    method: freeMethods(app, '/login'),
    url: '/login',
    handler: async (request, reply) => {
      const credentials = readBasicCredentials(request.headers.authorization)
      if (credentials === undefined || account === undefined || !matchesAccount(account, credentials)) {
        return sendAuthorizationFailed(reply)
      }
      reply.header('cache-control', 'no-store')
      return sendLine(reply, { token: await issueLabToken(account, secret) })
    },
  })
}
