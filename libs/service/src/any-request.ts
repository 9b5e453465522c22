import type { FastifyInstance } from 'fastify'
import { METHODS } from 'node:http'

/**
 * Makes the routes of this scope take whatever a client sends: every method that Node's parser knows, and bodies of any type, unread.
 * For the lab's routes, whose originals look at neither, and for error pages; Fastify would answer 404, 413 and 415.
 */
export function acceptAnyRequest(app: FastifyInstance): void {
  for (const method of METHODS) {
    if (method !== 'CONNECT' && !app.supportedMethods.includes(method)) app.addHttpMethod(method)
  }
  // Fastify refuses a malformed media type before it asks a parser; here nobody reads it.
  app.addHook('onRequest', async (request) => {
    delete request.headers['content-type']
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => {
    done(null)
  })
}

/**
 * The methods that a route of this scope can still claim at `url`: a CORS plugin outside may hold OPTIONS
 * for every path, and its preflight answers come first.
 */
export function freeMethods(app: FastifyInstance, url: string): string[] {
  return app.supportedMethods.filter((method) => !app.hasRoute({ method, url }))
}
