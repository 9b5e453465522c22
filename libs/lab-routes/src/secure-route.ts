import type { FastifyPluginAsync } from 'fastify'
import { acceptAnyRequest, freeMethods } from '@postern/service'
import { readBearerToken } from './authorization-header.ts'
import { greeting } from './hello-routes.ts'
import { verifyLabToken } from './lab-token.ts'
import { sendAuthorizationFailed, sendLine } from './plain-reply.ts'

/** What {@link secureRoute} needs: the secret that the tokens are signed with. */
export interface SecureOptions {
  readonly secret: string
}

/** Greets on `/secure` whoever brings a valid lab token as `Authorization: Bearer`. */
export const secureRoute: FastifyPluginAsync<SecureOptions> = async (app, { secret }) => {
  acceptAnyRequest(app)
  app.route({
    method: freeMethods(app, '/secure'),
    url: '/secure',
    handler: async (request, reply) => {
      const token = readBearerToken(request.headers.authorization)
      const principal = token === undefined ? undefined : await verifyLabToken(token, secret)
      return principal === undefined ? sendAuthorizationFailed(reply) : sendLine(reply, greeting)
    },
  })
}
