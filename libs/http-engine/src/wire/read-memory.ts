import type { ReadBuffers } from './read-buffers.ts'

const NOTHING_UNSENT = { buffer: undefined, end: 0 }

/** The memory that one connection's reads go into, and who may still need which part of it. */
export class ReadMemory {
  /** A large body flows: read into a buffer of one's own, so that spans of it can be written without a copy. */
  bulk = false
  #buffers: ReadBuffers | undefined
  #own: Buffer | undefined
  #lent: Buffer | undefined
  /** The last span of this memory that had to wait somewhere, and where it ends. */
  #unsent: { readonly buffer: ArrayBufferLike | undefined; readonly end: number } = NOTHING_UNSENT

  /** Where the bytes of the next read go: `shared` is the shared buffer or its front. */
  next(buffers: ReadBuffers, shared: Buffer): Buffer {
    this.#buffers = buffers
    if (this.bulk) this.#own ??= buffers.take()
    else if (this.#own !== undefined) {
      buffers.give(this.#own)
      this.#own = undefined
    }
    return this.#own ?? shared
  }

  /** The next read of anybody overwrites these bytes. */
  shares(bytes: Buffer): boolean {
    return this.#buffers?.shared === bytes || this.#buffers?.front === bytes
  }

  /** A copy of bytes that outlives the read, or the read buffer itself until `recover` or `surrender`. */
  retain(bytes: Buffer, start: number, end: number): Buffer {
    if (this.shares(bytes)) return Buffer.from(bytes.subarray(start, end))
    if (bytes === this.#own) {
      this.recover()
      this.#lent = bytes
      this.#own = undefined
    }
    return bytes.subarray(start, end)
  }

  /** Nothing that was read waits to be looked at: what was retained may be read into again. */
  recover(): void {
    this.#unsent = NOTHING_UNSENT
    if (this.#lent === undefined) return
    this.#buffers?.give(this.#lent)
    this.#lent = undefined
  }

  /** Whoever writes a span that ends here needs the buffer longer than this read: it is not read into again. */
  surrender(bytes: Buffer, end: number): void {
    this.#unsent = { buffer: bytes.buffer, end: bytes.byteOffset + end }
    if (bytes.buffer === this.#own?.buffer) this.#own = undefined
    else if (bytes.buffer === this.#lent?.buffer) this.#lent = undefined
    else return
    this.#buffers?.forget()
  }

  /**
   * How many bytes in front of a span are read and done with. Never those of an earlier span of the same memory that still waits
   * to be written, to whomever; nor, where the memory is not this connection's own, what lies before the bytes in it.
   */
  roomBefore(bytes: Buffer, start: number): number {
    const { buffer, end: unsentEnd } = this.#unsent
    const isOwn = bytes.buffer === this.#own?.buffer || bytes.buffer === this.#lent?.buffer
    const room = isOwn ? bytes.byteOffset + start : start
    return buffer === bytes.buffer ? Math.min(room, bytes.byteOffset + start - unsentEnd) : room
  }

  /** The connection is gone. */
  release(): void {
    this.recover()
    if (this.#own !== undefined) this.#buffers?.give(this.#own)
    this.#own = undefined
  }
}
