import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { join, sep } from 'node:path'

const FOREVER = 'public, max-age=31536000, immutable'
const ASK_AGAIN = 'no-cache'

/**
 * Serves the built page: a file for its own path, `index.html` for the paths of the page's own router (S0.41), and 404 for a missing
 * file. The original answered a missing script with the page, which a browser reports as a syntax error (W15).
 */
export const webFiles: FastifyPluginAsync<{ readonly webRoot: string }> = async (app, { webRoot }) => {
  // Vite puts a hash of the content into the names of this folder, so a file there never changes.
  const assets = join(webRoot, 'assets') + sep
  await app.register(fastifyStatic, {
    root: webRoot,
    wildcard: false,
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.startsWith(assets) ? FOREVER : ASK_AGAIN)
    },
  })
  app.get('/*', (request, reply) => {
    if (!isNavigation(request)) {
      reply.callNotFound()
      return reply
    }
    return reply.header('vary', 'Accept').sendFile('index.html')
  })
}

/** A path without a file's extension, asked for by something that can show HTML: a browser's address bar, or curl. */
function isNavigation({ url, headers }: FastifyRequest): boolean {
  const path = url.split('?', 1)[0] ?? '/'
  const namesFile = /\.[A-Za-z][A-Za-z0-9]*$/.test(path) || path.startsWith('/assets/')
  const accept = headers.accept ?? '*/*'
  return !namesFile && /text\/html|\*\/\*/.test(accept)
}
