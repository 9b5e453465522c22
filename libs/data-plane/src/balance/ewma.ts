import type { Clock } from '../filter.ts'
import type { Balancer } from '../prepared.ts'
import { endpointKey, untried } from './untried.ts'

interface Score {
  ewmaMs: number
  lastMs: number
}

const DECAY_MS = 10_000

/**
 * The better of two random endpoints by a moving average of response times that forgets within ten seconds, as
 * ingress-nginx's `load-balance: ewma`. A new endpoint starts at the average of the others.
 */
export function ewma(clock: Clock, random: () => number = Math.random): Balancer {
  const scores = new Map<string, Score>()

  const scoreOf = (key: string): number => {
    const now = clock.now()
    const score = scores.get(key)
    return score === undefined ? averageAt(now, scores) : decayed(score, now)
  }

  return {
    pick: (endpoints, _journey, tried) => {
      const candidates = untried(endpoints, tried)
      const first = Math.floor(random() * candidates.length)
      if (candidates.length < 2) return candidates[first]
      const second = (first + 1 + Math.floor(random() * (candidates.length - 1))) % candidates.length
      const [a, b] = [candidates[first], candidates[second]]
      if (a === undefined || b === undefined) return a ?? b
      return scoreOf(endpointKey(a)) <= scoreOf(endpointKey(b)) ? a : b
    },
    observe: (endpoint, elapsedMs) => {
      if (elapsedMs === undefined) return
      const key = endpointKey(endpoint)
      const now = clock.now()
      const before = scores.get(key)
      const weight = before === undefined ? 0 : Math.exp(-(now - before.lastMs) / DECAY_MS)
      scores.set(key, { ewmaMs: (before?.ewmaMs ?? 0) * weight + elapsedMs * (1 - weight), lastMs: now })
      if (scores.size > 10_000) scores.clear()
    },
  }
}

function decayed({ ewmaMs, lastMs }: Score, now: number): number {
  return ewmaMs * Math.exp(-(now - lastMs) / DECAY_MS)
}

// What is known fades, so what stands for the unknown must fade as well: else one endpoint that was met first, however
// slow, would stay ahead of all that were never tried.
function averageAt(now: number, scores: ReadonlyMap<string, Score>): number {
  if (scores.size === 0) return 0
  let sum = 0
  for (const score of scores.values()) sum += decayed(score, now)
  return sum / scores.size
}
