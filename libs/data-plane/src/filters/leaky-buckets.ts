import { ownCopy } from '../own-copy.ts'

/** `burst` requests may be ahead of the rate; they pass at once (nginx's `nodelay`). */
export interface BucketRate {
  readonly perSecond: number
  readonly burst: number
}

interface Bucket {
  /** Kept instead of the text that was asked with, which may be a part of a request. */
  readonly key: string
  /** Requests ahead of each rate. */
  readonly excess: number[]
  lastMs: number
}

// nginx keeps about 16,000 addresses per megabyte of zone, and the zones of ingress-nginx have five.
const MAX_CLIENTS = 80_000

/** The arrival curve of nginx's limit_req, per key: what arrives faster than a rate fills a bucket that leaks at that rate. */
export class LeakyBuckets {
  readonly #rates: readonly BucketRate[]
  readonly #buckets = new Map<string, Bucket>()

  constructor(rates: readonly BucketRate[]) {
    this.#rates = rates
  }

  /** True when all rates allow one more request at `nowMs`. A refused request fills no bucket. */
  allow(key: string, nowMs: number): boolean {
    if (this.#rates.length === 0) return true
    const bucket = this.#buckets.get(key)
    const elapsedMs = Math.max(0, nowMs - (bucket?.lastMs ?? nowMs))
    const excess = this.#rates.map(({ perSecond }, i) => {
      const before = bucket?.excess[i]
      return before === undefined ? 0 : Math.max(0, before - (perSecond * elapsedMs) / 1000 + 1)
    })
    if (excess.some((ahead, i) => ahead > (this.#rates[i]?.burst ?? 0))) return false
    this.#keep({ key: bucket?.key ?? ownCopy(key), excess, lastMs: nowMs })
    return true
  }

  #keep(bucket: Bucket): void {
    // Deleting first moves the key to the end: the map's first key is the one that was quiet longest.
    this.#buckets.delete(bucket.key)
    this.#buckets.set(bucket.key, bucket)
    if (this.#buckets.size <= MAX_CLIENTS) return
    const oldest = this.#buckets.keys().next()
    if (oldest.done !== true) this.#buckets.delete(oldest.value)
  }
}
