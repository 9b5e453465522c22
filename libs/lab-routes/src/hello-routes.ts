import type { FastifyPluginAsync } from 'fastify'
import { acceptAnyRequest, freeMethods } from '@postern/service'
import { sendLine } from './plain-reply.ts'

/** What the lab greets with, on `/` and behind `/secure`. */
export const greeting = { message: 'Hello' } as const

/** Greets on `/` and on every path that no other route has, whatever the method. */
export const helloRoutes: FastifyPluginAsync = async (app) => {
  acceptAnyRequest(app)
  for (const url of ['/', '/*']) {
    app.route({ method: freeMethods(app, url), url, handler: (_request, reply) => sendLine(reply, greeting) })
  }
}
