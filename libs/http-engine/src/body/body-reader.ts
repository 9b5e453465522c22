import type { MessageHead } from '../head/message-head.ts'
import { ChunkedDecoder, type DataSink, type TrailerLimits } from './chunked-decoder.ts'
import type { BodyFraming } from './framing.ts'

/** Follows one body through the bytes of a connection: what belongs to it, what of that is data, and where it ends. */
export class BodyReader {
  readonly framing: BodyFraming
  done: boolean
  readonly #decoder: ChunkedDecoder | undefined
  #left: number

  constructor(framing: BodyFraming, limits: TrailerLimits) {
    this.framing = framing
    this.done = framing.kind === 'none'
    this.#left = framing.kind === 'length' ? framing.length : Infinity
    this.#decoder = framing.kind === 'chunked' ? new ChunkedDecoder(limits) : undefined
  }

  get refused(): string | undefined {
    return this.#decoder?.refused
  }

  get trailers(): MessageHead | undefined {
    return this.#decoder?.trailers
  }

  /** Bytes of data still to come, where the head announced them. */
  get left(): number {
    return this.framing.kind === 'none' ? 0 : this.#left
  }

  /** Reads `bytes[start, end)`, hands data to the sink and gives the offset behind the body's bytes. */
  feed(bytes: Buffer, start: number, end: number, sink: DataSink): number {
    if (this.#decoder !== undefined) {
      const at = this.#decoder.feed(bytes, start, end, sink)
      this.done = this.#decoder.done
      return at
    }
    const stop = Math.min(end, start + this.#left)
    this.#left -= stop - start
    if (this.#left === 0) this.done = true
    if (stop > start) sink.data(bytes, start, stop)
    return stop
  }

  /** The connection ended. True when that is a legal end of this body. */
  ended(): boolean {
    if (this.framing.kind === 'close') this.done = true
    return this.done
  }
}
