import { setFlagsFromString } from 'node:v8'

/**
 * Tells V8 to make every object in the young generation. By itself it makes objects of a kind that was seen to survive two small
 * collections in the old generation at once: what a connection consists of, once many were open at the same time. A dead
 * object there keeps all that it refers to until the next full collection, so each small one copied a fifth of what
 * had been made, and memory grew with it. Call before the first connection comes.
 */
export function tuneCollector(): void {
  setFlagsFromString('--no-allocation-site-pretenuring')
}
