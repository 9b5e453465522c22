import type { FastifyInstance } from 'fastify'

/** Tells which methods the routes of an app answer at a path; empty when it has no such path. */
export type AllowedMethods = (path: string) => readonly string[]

/**
 * Follows the routes as they are added, so that a wrong method can be answered with 405 and `Allow`
 * (RFC 9110 §15.5.6); Fastify itself answers 404. Routes that take every path are left out.
 */
export function followAllowedMethods(app: FastifyInstance): AllowedMethods {
  const routes = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>()
  app.addHook('onRoute', ({ url, method, config }) => {
    if (url.includes('*') || config?.absent === true) return
    const route = routes.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() }
    for (const name of [method].flat()) route.methods.add(name)
    routes.set(url, route)
  })
  return (path) => {
    const found = [...routes.values()].filter(({ pattern }) => pattern.test(path))
    return [...new Set(found.flatMap(({ methods }) => [...methods]))].sort()
  }
}

function patternOf(url: string): RegExp {
  const source = url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')))
    .join('/')
  return new RegExp(`^${source}$`)
}
