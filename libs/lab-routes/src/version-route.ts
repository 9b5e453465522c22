import type { FastifyPluginAsync } from 'fastify'
import { acceptAnyRequest, freeMethods } from '@postern/service'
import { sendLine } from './plain-reply.ts'

/** What {@link versionRoute} tells. */
export interface VersionOptions {
  readonly version: string
}

/** `/version`: `{"version":"1.0.0"}`, so that a client can see which release answers (canary and green deployments). */
export const versionRoute: FastifyPluginAsync<VersionOptions> = async (app, { version }) => {
  acceptAnyRequest(app)
  app.route({
    method: freeMethods(app, '/version'),
    url: '/version',
    handler: (_request, reply) => sendLine(reply, { version }),
  })
}
