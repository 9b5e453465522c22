/** Bytes of one read: a 64 KiB body and its head fit, so that most messages are one read. */
const READ_BYTES = 72 * 1024
const FRONT_BYTES = 16 * 1024

/**
 * Memory that sockets read into. All idle and small traffic shares one buffer, which is consumed before the next read; a
 * connection takes one of its own only while a large body flows, and the number of those is bounded.
 */
export class ReadBuffers {
  readonly shared: Buffer = Buffer.allocUnsafeSlow(READ_BYTES)
  /**
   * The front of it, for clients: what one has sent ahead of its answers is kept until they are written, and this bounds how much
   * comes at once. A head and a small body fit.
   */
  readonly front: Buffer = this.shared.subarray(0, FRONT_BYTES)
  readonly #free: Buffer[] = []
  readonly #max: number
  #out = 0

  constructor(max: number) {
    this.#max = max
  }

  /** A buffer for one connection; `undefined` when all are out: then the shared one serves, at the price of copies. */
  take(): Buffer | undefined {
    if (this.#out >= this.#max) return undefined
    this.#out++
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(READ_BYTES)
  }

  /** Gives back a buffer that nobody reads or writes any more. */
  give(buffer: Buffer): void {
    this.#out--
    if (this.#free.length < this.#max / 4) this.#free.push(buffer)
  }

  /** A buffer was handed over to a slow writer: the collector gets it when it is written. */
  forget(): void {
    this.#out--
  }
}
