import type { Balancer } from '../prepared.ts'
import { untried } from './untried.ts'

/** One after the other. An endpoint that had an attempt of this request is passed over while another is left. */
export function roundRobin(): Balancer {
  let next = Math.floor(Math.random() * 1_000)
  return {
    pick: (endpoints, _journey, tried) => {
      const candidates = untried(endpoints, tried)
      next = (next + 1) % Number.MAX_SAFE_INTEGER
      return candidates[next % candidates.length]
    },
  }
}
