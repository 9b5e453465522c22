import { Counted } from './counted.ts'
import type { Runtime } from './runtime/runtime.ts'

/** Which state each part of the table in use has asked for, so that the rest can be let go without asking every part again. */
export class Holdings {
  readonly #runtime: Runtime
  /** Only of parts that asked for any. */
  readonly #keysOf = new Map<object, ReadonlySet<string>>()
  readonly #holders = new Counted<string>()

  constructor(runtime: Runtime) {
    this.#runtime = runtime
  }

  /** Does the work for one part: the states that it asks for stay until the part is released or asks for others. */
  hold<T>(part: object, work: () => T): T {
    const { value, keys } = this.#runtime.collect(work)
    this.#set(part, keys)
    return value
  }

  /** Does the work for a request on its way whose part is in use no more: nothing stays for its sake. */
  borrow<T>(work: () => T): T {
    const visitor = {}
    const value = this.hold(visitor, work)
    this.release(visitor)
    return value
  }

  /** What `from` holds is held by `to` as well, until it asks itself: it takes the place of `from` and was not prepared yet. */
  inherit(to: object, from: object): void {
    const keys = this.#keysOf.get(from)
    if (keys !== undefined) this.#set(to, keys)
  }

  /** The part is in use no more. What nobody else holds is let go. */
  release(part: object): void {
    this.#set(part, new Set())
  }

  #set(part: object, keys: ReadonlySet<string>): void {
    const before = this.#keysOf.get(part)
    // First what comes: what is asked for again was never let go.
    for (const key of keys) this.#holders.add(key)
    if (keys.size > 0) this.#keysOf.set(part, keys)
    else this.#keysOf.delete(part)
    for (const key of before ?? []) if (this.#holders.remove(key)) this.#runtime.forget(key)
  }
}
