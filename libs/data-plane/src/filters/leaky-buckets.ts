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
  /** When it was last put behind all others. */
  placedMs: number
}

// nginx keeps about 16,000 addresses per megabyte of zone, and the zones of ingress-nginx have five.
const MAX_CLIENTS = 80_000
// Whoever looks for the first key of a Map steps over all that were deleted before it: not for every new address of a flood.
const FORGOTTEN_TOGETHER = 500
// The order in which buckets were last used is kept to the second: to move one costs more than to count.
const PLACE_MS = 1_000

/** The arrival curve of nginx's limit_req, per key: what arrives faster than a rate fills a bucket that leaks at that rate. */
export class LeakyBuckets {
  readonly #rates: readonly BucketRate[]
  /** Those that were quiet longest come first. */
  readonly #buckets = new Map<string, Bucket>()

  constructor(rates: readonly BucketRate[]) {
    this.#rates = rates
  }

  /** True when all rates allow one more request at `nowMs`. A refused request fills no bucket. */
  allow(key: string, nowMs: number): boolean {
    const rates = this.#rates
    if (rates.length === 0) return true
    const bucket = this.#buckets.get(key)
    if (bucket === undefined) {
      this.#add({ key: ownCopy(key), excess: rates.map(() => 0), lastMs: nowMs, placedMs: nowMs })
      return true
    }
    const elapsedMs = Math.max(0, nowMs - bucket.lastMs)
    for (const [at, rate] of rates.entries())
      if (ahead(bucket, at, rate, elapsedMs) > rate.burst) return false
    for (const [at, rate] of rates.entries()) bucket.excess[at] = ahead(bucket, at, rate, elapsedMs)
    bucket.lastMs = nowMs
    if (nowMs - bucket.placedMs >= PLACE_MS) this.#placeLast(bucket, nowMs)
    return true
  }

  #add(bucket: Bucket): void {
    this.#buckets.set(bucket.key, bucket)
    if (this.#buckets.size > MAX_CLIENTS) this.#forgetOldest()
  }

  #forgetOldest(): void {
    let left = FORGOTTEN_TOGETHER
    for (const key of this.#buckets.keys()) {
      if (left-- === 0) return
      this.#buckets.delete(key)
    }
  }

  #placeLast(bucket: Bucket, nowMs: number): void {
    bucket.placedMs = nowMs
    this.#buckets.delete(bucket.key)
    this.#buckets.set(bucket.key, bucket)
  }
}

function ahead({ excess }: Bucket, at: number, { perSecond }: BucketRate, elapsedMs: number): number {
  return Math.max(0, (excess[at] ?? 0) - (perSecond * elapsedMs) / 1000 + 1)
}
