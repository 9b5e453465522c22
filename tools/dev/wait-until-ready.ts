import { setTimeout as delay } from 'node:timers/promises'
import type { Child } from './child.ts'

/** A part of the system did not come up. The message names it, the reason and its last lines. */
export class StartError extends Error {}

const POLL_MS = 40

/** Resolves when the process answers its ready URL with 200. Throws StartError when it dies or takes longer than `timeoutMs`. */
export async function waitUntilReady(child: Child, timeoutMs: number, signal?: AbortSignal): Promise<void> {
  const { name, readyUrl } = child.plan
  const deadline = Date.now() + timeoutMs
  let last = 'no answer yet'
  while (Date.now() < deadline) {
    if (signal?.aborted) throw new StartError(`stopped while starting: ${String(signal.reason)}`)
    if (child.isGone())
      throw new StartError(describe(child, `stopped before it was ready: ${await child.gone}`))
    try {
      const answer = await fetch(readyUrl, { signal: AbortSignal.timeout(2000) })
      if (answer.status === 200) return
      last = `status ${answer.status}`
    } catch (error) {
      last = reasonOf(error)
    }
    await delay(POLL_MS)
  }
  throw new StartError(
    describe(child, `not ready after ${timeoutMs / 1000} s; ${readyUrl} (${name}): ${last}`),
  )
}

function describe(child: Child, reason: string): string {
  // Stack frames would push the message out of sight; they stand in the log above.
  const lines = child
    .lastLines()
    .filter((line) => line.trim() !== '' && !/^\s+at /.test(line))
    .slice(-12)
  const said = lines.length === 0 ? '  (it printed nothing)' : lines.map((line) => `  | ${line}`).join('\n')
  return `${child.plan.name} (${child.plan.folder}) ${reason}\n${said}`
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined
  return cause?.code ?? (error instanceof Error ? error.message : String(error))
}
