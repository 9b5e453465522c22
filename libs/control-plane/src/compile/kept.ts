/**
 * Keeps the parts of one table for the next. A part is made again only when something that it was made from is another
 * object; parts that nobody asks for any more are forgotten with `turn`.
 */
export class Kept {
  #last: ReadonlyMap<string, Part> = new Map()
  #current = new Map<string, Part>()

  keep<T extends object>(name: string, madeFrom: readonly unknown[], make: () => T): T {
    const before = this.#last.get(name)
    const same = before !== undefined && sameItems(before.madeFrom, madeFrom)
    const value = same ? (before.value as T) : freeze(make())
    this.#current.set(name, { madeFrom, value })
    return value
  }

  /** Like `keep` for a part without secrets that is made anyway: an equal one keeps its identity. */
  keepEqual<T extends object>(name: string, made: T): T {
    return this.keep(name, [JSON.stringify(made)], () => made)
  }

  /** Ends one table and begins the next. */
  turn(): void {
    this.#last = this.#current
    this.#current = new Map()
  }
}

interface Part {
  readonly madeFrom: readonly unknown[]
  readonly value: object
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index])
}

/** Freezes plain data to its leaves; what is frozen already is not walked again. */
function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const part of Object.values(value)) freeze(part)
  return value
}
