import { Counted } from './counted.ts'
import type { Runtime } from './runtime/runtime.ts'

/** Which state each part of the table in use has asked for, so that the rest can be let go without asking every part again. */
export class Holdings {
  readonly #runtime: Runtime
  /** Only of parts that asked for any. */
  readonly #keysOf = new Map<object, ReadonlySet<string>>()
  readonly #holders = new Counted<string>()
  /** Of the table that is being made. */
  readonly #drafts = new Map<object, ReadonlySet<string>>()
  #hasLeftovers = false

  constructor(runtime: Runtime) {
    this.#runtime = runtime
  }

  /** Does the work for one part: the states that it asks for stay as long as the part is in use. */
  prepare<T>(part: object, work: () => T): T {
    const { value, keys } = this.#runtime.collect(work)
    if (keys.size > 0) this.#drafts.set(part, keys)
    return value
  }

  /** The parts that were prepared are in use now, the ones in `gone` no more. A part in both was prepared anew. */
  turn(gone: readonly object[]): void {
    const left = gone.flatMap((part) => [...(this.#keysOf.get(part) ?? [])])
    for (const part of gone) this.#keysOf.delete(part)
    for (const [part, keys] of this.#drafts) {
      this.#keysOf.set(part, keys)
      for (const key of keys) this.#holders.add(key)
    }
    this.#drafts.clear()
    const lost = left.filter((key) => this.#holders.remove(key))
    if (lost.length > 0 || this.#hasLeftovers) this.#runtime.prune(this.#holders.items())
    this.#hasLeftovers = false
  }

  /** Takes back what was prepared since the last turn; its states go with the next. */
  abandon(): void {
    this.#drafts.clear()
    this.#hasLeftovers = true
  }
}
