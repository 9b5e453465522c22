const inspect = Symbol.for('nodejs.util.inspect.custom')

/**
 * A secret that travels inside a table. Printing, logging, comparing as JSON or inspecting it gives
 * `[redacted]`; only `reveal()` gives the value, so every use of the secret can be found by that word.
 */
export class Redacted<T = string> {
  readonly #value: T

  constructor(value: T) {
    this.#value = value
  }

  reveal(): T {
    return this.#value
  }

  toJSON(): string {
    return '[redacted]'
  }

  toString(): string {
    return '[redacted]'
  }

  [inspect](): string {
    return '[redacted]'
  }
}
