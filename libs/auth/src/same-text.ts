import { createHash, timingSafeEqual } from 'node:crypto'

/** Compares a secret with what a client sent, in a time that tells nothing about where or whether they differ. */
export function sameText(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
