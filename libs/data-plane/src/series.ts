/** Upper bounds of the histograms' buckets, in seconds. */
export const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** The numbers of one route or endpoint. Everything is there from the start: counting makes nothing. */
export class Series {
  /** Prometheus labels, escaped, without braces. */
  readonly labels: string
  /** Statuses seen, and beside each how often; as a rule one or two. */
  readonly statuses: number[] = []
  readonly byStatus: number[] = []
  /** How many took no longer than the bound and longer than the one before. */
  readonly buckets: number[] = BUCKETS_S.map(() => 0)
  timed = 0
  sumS = 0
  bytes = 0

  constructor(labels: string) {
    this.labels = labels
  }

  count(status: number): void {
    const { statuses, byStatus } = this
    for (let at = 0; at < statuses.length; at++) {
      if (statuses[at] !== status) continue
      byStatus[at] = (byStatus[at] ?? 0) + 1
      return
    }
    statuses.push(status)
    byStatus.push(1)
  }

  time(ms: number): void {
    const seconds = ms / 1000
    this.timed += 1
    this.sumS += seconds
    const { buckets } = this
    for (let at = 0; at < buckets.length; at++) {
      if (seconds > (BUCKETS_S[at] ?? Infinity)) continue
      buckets[at] = (buckets[at] ?? 0) + 1
      return
    }
  }
}

/** Series by name, made when first counted and bounded in number: what comes later is counted together, as `other`. */
export class SeriesSet {
  readonly #byName = new Map<string, Series>()
  readonly #most: number
  readonly #others: Series
  #hasOthers = false

  constructor(most: number, otherLabels: string) {
    this.#most = most
    this.#others = new Series(otherLabels)
  }

  find(name: string): Series | undefined {
    return this.#byName.get(name)
  }

  make(name: string, labels: string): Series {
    if (this.#byName.size >= this.#most) {
      this.#hasOthers = true
      return this.#others
    }
    const series = new Series(labels)
    this.#byName.set(name, series)
    return series
  }

  drop(name: string): void {
    this.#byName.delete(name)
  }

  names(): Iterable<string> {
    return this.#byName.keys()
  }

  all(): readonly Series[] {
    return [...this.#byName.values(), ...(this.#hasOthers ? [this.#others] : [])]
  }
}
