import type { Clock } from './filter.ts'

const QUIET_MS = 10_000
const MAX_MESSAGES = 1_000

/** Lets a message through once in ten seconds: a failing neighbour must not write a line per request. */
export function occasionally(warn: (message: string) => void, clock: Clock): (message: string) => void {
  const quietUntil = new Map<string, number>()
  return (message) => {
    const now = clock.now()
    if (now < (quietUntil.get(message) ?? 0)) return
    if (quietUntil.size >= MAX_MESSAGES) quietUntil.clear()
    quietUntil.set(message, now + QUIET_MS)
    warn(message)
  }
}
