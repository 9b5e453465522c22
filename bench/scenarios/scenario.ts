/** One kind of traffic, and what is asked of the gateway under it. */
export interface Scenario {
  readonly name: string
  readonly title: string
  readonly path: string
  readonly headers?: readonly string[]
  /** A Lua script of wrk, relative to `bench/`. */
  readonly script?: string
  /** Who answers: nginx, or an upstream that answers all requests of one read in one write. */
  readonly upstream?: 'gathering'
  /** Names in `TARGETS`; the first is the base of the ratios. */
  readonly targets: readonly string[]
  readonly goals: readonly Goal[]
}

/** Capacity per core of one target, as a multiple of another's in the same run. */
export interface Goal {
  readonly target: string
  readonly than: string
  readonly floor: number
  readonly aim?: number
}
