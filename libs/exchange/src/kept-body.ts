/** Keeps a copy of a body while it passes, for an engine's `Exchange.copyBody`. */
export class KeptBody {
  readonly whole: Promise<Uint8Array | undefined>
  readonly #settle: (body: Uint8Array | undefined) => void
  readonly #maxBytes: number
  #parts: Uint8Array[] = []
  #bytes = 0

  constructor(maxBytes: number) {
    const { promise, resolve } = Promise.withResolvers<Uint8Array | undefined>()
    this.whole = promise
    this.#settle = resolve
    this.#maxBytes = maxBytes
  }

  /** The bytes are copied, and not by `slice`, which of a Buffer gives a view: whoever reads may read into the same place again. */
  add(bytes: Uint8Array): void {
    this.#bytes += bytes.length
    if (this.#bytes > this.#maxBytes) this.giveUp()
    else this.#parts.push(new Uint8Array(bytes))
  }

  /** The last byte has passed. */
  finish(): void {
    if (this.#bytes > this.#maxBytes) return
    const body = new Uint8Array(this.#bytes)
    let at = 0
    for (const part of this.#parts) {
      body.set(part, at)
      at += part.length
    }
    this.#settle(body)
  }

  /** The rest will not come, or is too much. */
  giveUp(): void {
    this.#parts = []
    this.#settle(undefined)
  }
}
