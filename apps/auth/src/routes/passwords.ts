import type { PasswordHasher } from '@postern/auth'
import { HashPassword, PasswordHash } from '@postern/contracts'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

/** What {@link passwordRoutes} needs. */
export interface PasswordRouteOptions {
  readonly hasher: PasswordHasher
}

/** `POST /passwords/hash`: a password into a hash that may be stored. */
export const passwordRoutes: FastifyPluginAsyncTypebox<PasswordRouteOptions> = async (app, { hasher }) => {
  app.route({
    method: 'POST',
    url: '/passwords/hash',
    schema: { summary: 'Hash a password', body: HashPassword, response: { 200: PasswordHash } },
    handler: async (request, reply) => {
      reply.header('cache-control', 'no-store')
      return { hash: await hasher.hash(request.body.password) }
    },
  })
}
