/**
 * What outlives a table: limits, balancers, caches. Kept by key, so that a new table that says the same finds the
 * same state; what no table mentions any more is let go.
 */
export class Runtime {
  readonly #states = new Map<string, unknown>()
  #mentioned: Set<string> | undefined

  /** The state under `key`, made on first use. A key belongs to one kind of state: it begins with the kind's name. */
  get<T>(key: string, make: () => T): T {
    this.#mentioned?.add(key)
    const known = this.#states.get(key)
    if (known !== undefined) return known as T
    const state = make()
    this.#states.set(key, state)
    return state
  }

  /** Collects the keys that `work` asks for. */
  collect<T>(work: () => T): { readonly value: T; readonly keys: ReadonlySet<string> } {
    const outer = this.#mentioned
    const keys = new Set<string>()
    this.#mentioned = keys
    try {
      return { value: work(), keys }
    } finally {
      this.#mentioned = outer
    }
  }

  /** Lets go of one state. */
  forget(key: string): void {
    this.#states.delete(key)
  }
}
