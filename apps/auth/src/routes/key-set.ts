import type { KeyRing } from '@postern/auth'
import type { FastifyPluginAsync } from 'fastify'

/** What {@link keySetRoute} needs. */
export interface KeySetOptions {
  readonly keys: KeyRing
}

/** `GET /.well-known/jwks.json`: the public keys (RFC 7517 §5), kept by verifiers for five minutes. */
export const keySetRoute: FastifyPluginAsync<KeySetOptions> = async (app, { keys }) => {
  app.get('/.well-known/jwks.json', { schema: { summary: 'The public keys' } }, (_request, reply) => {
    return reply.header('cache-control', 'public, max-age=300').send({ keys: keys.published() })
  })
}
