import type { Principal } from '@postern/auth'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { TaskStore } from '../task-store.ts'

/** What every route of tasks needs. */
export interface TaskRouteOptions {
  readonly store: TaskStore
  /** Throws the refusal. */
  readonly authenticate: (request: FastifyRequest) => Promise<Principal>
}

/**
 * Authenticates every request of a scope before its body is read, and gives the function that tells its
 * handlers whose tasks they may touch.
 */
export function ownTasks(
  app: FastifyInstance,
  { authenticate }: TaskRouteOptions,
): (request: FastifyRequest) => string {
  const principals = new WeakMap<FastifyRequest, Principal>()
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'private, no-cache')
    principals.set(request, await authenticate(request))
  })
  return (request) => {
    const principal = principals.get(request)
    if (principal === undefined) throw new Error('a task route ran without authentication')
    return principal.uid
  }
}
