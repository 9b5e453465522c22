import type { Wire } from '../wire/wire.ts'
import type { DataSink } from './chunked-decoder.ts'

/** How a body is framed on the way out: `none` swallows it (an answer to HEAD). */
export type OutFraming = 'none' | 'length' | 'chunked' | 'close'

// Small pieces are gathered into one write up to here.
const GATHER_BYTES = 16 * 1024
const SMALL_BYTES = 4096

/** Frames a body anew and writes it, small pieces gathered, large ones as they lie in the read buffer. */
export class BodyWriter implements DataSink {
  /** Bytes of data, framing not counted. */
  bytes = 0
  readonly #target: Wire
  readonly #source: Wire
  readonly #framing: OutFraming
  /** Head and framing, and data in it. */
  #text: string
  /** Small pieces, which become one chunk however many they were: a body of single bytes is not to cost the framing of each. */
  #data = ''

  /** `head` leaves together with the first piece of the body. */
  constructor(target: Wire, source: Wire, framing: OutFraming, head: string) {
    this.#target = target
    this.#source = source
    this.#framing = framing
    this.#text = head
  }

  data(bytes: Buffer, start: number, end: number): void {
    if (this.#framing === 'none') return
    const length = end - start
    this.bytes += length
    if (length <= SMALL_BYTES) {
      this.#data +=
        length === 1 ? String.fromCharCode(bytes[start] as number) : bytes.toString('latin1', start, end)
      if (this.#text.length + this.#data.length > GATHER_BYTES) this.flush()
      return
    }
    this.#seal()
    const isChunked = this.#framing === 'chunked'
    const prefix = isChunked ? `${this.#text}${length.toString(16)}\r\n` : this.#text
    this.#text = isChunked ? '\r\n' : ''
    this.#target.writeSpan(prefix, bytes, start, end, this.#source)
  }

  /** Writes what was gathered: called at the end of each read. */
  flush(): void {
    this.#seal()
    if (this.#text.length === 0) return
    const text = this.#text
    this.#text = ''
    this.#target.write(text)
  }

  /** Closes the body. `trailers` are complete lines, written only where the framing has a place for them. */
  finish(trailers: string): void {
    this.#seal()
    if (this.#framing === 'chunked') this.#text += `0\r\n${trailers}\r\n`
    this.flush()
  }

  #seal(): void {
    const data = this.#data
    if (data === '') return
    this.#data = ''
    this.#text += this.#framing === 'chunked' ? `${data.length.toString(16)}\r\n${data}\r\n` : data
  }
}
