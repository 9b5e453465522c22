import type { Endpoint } from '@postern/routing-table'
import { endpointKey, isSame } from './untried.ts'

const POINTS_PER_ENDPOINT = 160

/** A consistent hash: when endpoints come or go, only their share of the keys moves. */
export class HashRing<T> {
  readonly #points: readonly { readonly hash: number; readonly item: T }[]

  constructor(items: readonly (readonly [name: string, item: T])[]) {
    this.#points = items
      .flatMap(([name, item]) =>
        Array.from({ length: POINTS_PER_ENDPOINT }, (_, i) => ({
          hash: hash32(`${name}#${String(i)}`),
          item,
        })),
      )
      .sort((a, b) => a.hash - b.hash)
  }

  find(key: string): T | undefined {
    const wanted = hash32(key)
    let low = 0
    let high = this.#points.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#points[middle]?.hash ?? 0) < wanted) low = middle + 1
      else high = middle
    }
    return (this.#points[low] ?? this.#points[0])?.item
  }
}

/** The ring of a list of endpoints, derived anew only when the endpoints change, whatever table they came with. */
export function ringsByList(): (endpoints: readonly Endpoint[]) => HashRing<Endpoint> {
  let list: readonly Endpoint[] = []
  let ring = new HashRing<Endpoint>([])
  return (endpoints) => {
    if (endpoints === list) return ring
    const isSameList =
      endpoints.length === list.length &&
      endpoints.every((endpoint, i) => isSame(endpoint, list[i] ?? endpoint))
    list = endpoints
    if (!isSameList)
      ring = new HashRing(endpoints.map((endpoint) => [endpointKey(endpoint), endpoint] as const))
    return ring
  }
}

// FNV-1a with murmur's finalizer: short, and spreads similar names well.
export function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
