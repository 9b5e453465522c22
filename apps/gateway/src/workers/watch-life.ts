import type { ChildProcess } from 'node:child_process'
import type { ToPrimary, ToWorker } from './messages.ts'

const BEAT_MS = 10_000
// As many as a kubelet's liveness probe, which asks the primary only.
const MOST_UNANSWERED = 3

/**
 * Asks a worker that serves for signs of life until it ends, and says when none come any more: the system goes on giving its
 * share of the connections to one that hangs, where they wait for ever.
 */
export function watchLife(child: ChildProcess, hangs: () => void, beatMs: number = BEAT_MS): void {
  let unanswered = 0
  child.on('message', ({ kind }: ToPrimary) => {
    if (kind === 'pong') unanswered = 0
  })
  const beat = setInterval(() => {
    if (unanswered >= MOST_UNANSWERED) return hangs()
    unanswered += 1
    child.send({ kind: 'ping' } satisfies ToWorker)
  }, beatMs)
  child.once('exit', () => clearInterval(beat))
}
