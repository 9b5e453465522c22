import type { Balance, Endpoint } from '@postern/routing-table'
import type { Balancer } from '../prepared.ts'
import { render } from '../template.ts'
import { hash32, HashRing, ringsByList } from './hash-ring.ts'
import { untried } from './untried.ts'

/** The same key meets the same endpoint, or the same `subset` of them (`upstream-hash-by`). */
export function consistentHash(
  { key, subset }: Extract<Balance, { kind: 'hash' }>,
  random: () => number = Math.random,
): Balancer {
  const ringOf = ringsByList()
  const subsets = new WeakMap<readonly Endpoint[], HashRing<readonly Endpoint[]>>()
  return {
    pick: (endpoints, journey, tried) => {
      if (endpoints.length === 0) return undefined
      const text = render(key, journey)
      if (subset > 0) {
        const group = untried(subsetRing(subsets, endpoints, subset).find(text) ?? [], tried)
        return group[Math.floor(random() * group.length)]
      }
      if (tried.length === 0) return ringOf(endpoints).find(text)
      // Another attempt hashes on: the clients of a broken endpoint spread over the others.
      const candidates = untried(endpoints, tried)
      return candidates[hash32(`${text}#${String(tried.length)}`) % candidates.length]
    },
  }
}

function subsetRing(
  known: WeakMap<readonly Endpoint[], HashRing<readonly Endpoint[]>>,
  endpoints: readonly Endpoint[],
  size: number,
): HashRing<readonly Endpoint[]> {
  let ring = known.get(endpoints)
  if (ring === undefined) {
    const groups = Array.from({ length: Math.ceil(endpoints.length / size) }, (_, i) =>
      endpoints.slice(i * size, (i + 1) * size),
    )
    // The last group is filled up, so that no group is weaker than the others.
    const full = groups.map((group) => [...group, ...endpoints].slice(0, Math.min(size, endpoints.length)))
    ring = new HashRing(full.map((group, i) => [`subset-${String(i)}`, group] as const))
    known.set(endpoints, ring)
  }
  return ring
}
