import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves when something that a service cannot answer without is there, and throws when it is not. */
export type ReadinessCheck = () => Promise<void>

declare module 'fastify' {
  interface FastifyInstance {
    /** A service adds its own; `/readiness` answers 503 while one of them fails or takes too long. */
    readonly readinessChecks: ReadinessCheck[]
  }
}

/** Shorter than the second that the manifests give a readiness probe. */
const PATIENCE_MS = 800

/** Whether every check passes in time. */
export async function allPass(checks: readonly ReadinessCheck[]): Promise<boolean> {
  if (checks.length === 0) return true
  const passing = Promise.all(checks.map((check) => check())).then(
    () => true,
    () => false,
  )
  return Promise.race([passing, sleep(PATIENCE_MS, false, { ref: false })])
}
