import { CR, FIELD_VALUE, HEX, LF, SEMICOLON } from '../bytes/tables.ts'
import type { MessageHead } from '../head/message-head.ts'
import { TrailerParser } from '../head/trailer-parser.ts'

/** Takes the data of a body, piece by piece; the bytes are only valid during the call. */
export interface DataSink {
  data(bytes: Buffer, start: number, end: number): void
}

export interface TrailerLimits {
  readonly maxTrailerBytes: number
  readonly maxTrailerCount: number
}

const SIZE = 0
const EXTENSION = 1
const SIZE_LF = 2
const DATA = 3
const DATA_CR = 4
const DATA_LF = 5
const TRAILERS = 6
const DONE = 7

// Thirteen hexadecimal digits stay under 2^53.
const MAX_SIZE_DIGITS = 13
// Extensions mean nothing to anybody we forward to; they only may not cost anything (CVE-2023-39326, CVE-2025-22871).
const MAX_EXTENSION_BYTES = 256
const MAX_ALL_EXTENSION_BYTES = 16 * 1024

/** Decodes `chunked` (RFC 9112 §7.1), strictly and interruptible anywhere. Extensions are checked, limited and dropped. */
export class ChunkedDecoder {
  refused: string | undefined = undefined
  trailers: MessageHead | undefined = undefined
  readonly #limits: TrailerLimits
  #state = SIZE
  #left = 0
  #digits = 0
  #extension = 0
  #allExtensions = 0
  #parser: TrailerParser | undefined
  #trailerBytes: Buffer | undefined

  constructor(limits: TrailerLimits) {
    this.#limits = limits
  }

  get done(): boolean {
    return this.#state === DONE
  }

  /** Decodes `bytes[start, end)` and gives the offset behind what belongs to the body: less than `end` only when done or refused. */
  feed(bytes: Buffer, start: number, end: number, sink: DataSink): number {
    let i = start
    while (i < end) {
      if (this.#state === DATA) {
        const stop = Math.min(end, i + this.#left)
        this.#left -= stop - i
        if (this.#left === 0) this.#state = DATA_CR
        sink.data(bytes, i, stop)
        i = stop
      } else if (this.#state === TRAILERS) return this.#trailerSection(bytes, i, end)
      else {
        this.refused = this.#framing(bytes[i++] as number)
        if (this.refused !== undefined) return i
      }
    }
    return i
  }

  /** One byte outside data and trailers; gives a reason when it may not stand there. */
  #framing(byte: number): string | undefined {
    switch (this.#state) {
      case SIZE:
        return this.#size(byte)
      case EXTENSION:
        if (byte === CR) this.#state = SIZE_LF
        else if (FIELD_VALUE[byte] === 0) return 'a control character in a chunk extension'
        else if (++this.#extension > MAX_EXTENSION_BYTES || ++this.#allExtensions > MAX_ALL_EXTENSION_BYTES) {
          return 'chunk extensions that are too long'
        }
        return undefined
      case SIZE_LF:
        this.#state = this.#left === 0 ? TRAILERS : DATA
        return byte === LF ? undefined : 'a chunk size line without a line feed'
      case DATA_CR:
        this.#state = DATA_LF
        return byte === CR ? undefined : 'chunk data longer than its size'
      default:
        this.#state = SIZE
        this.#digits = 0
        this.#extension = 0
        return byte === LF ? undefined : 'chunk data without a line end'
    }
  }

  #size(byte: number): string | undefined {
    const digit = HEX[byte] as number
    if (digit !== 0) {
      if (++this.#digits > MAX_SIZE_DIGITS) return 'a chunk size that is too large'
      this.#left = this.#left * 16 + digit - 1
      return undefined
    }
    if (this.#digits === 0) return 'a chunk without a size'
    if (byte === CR) this.#state = SIZE_LF
    else if (byte === SEMICOLON) this.#state = EXTENSION
    else return 'a chunk size that is no hexadecimal number'
    return undefined
  }

  #trailerSection(bytes: Buffer, start: number, end: number): number {
    // Nearly every body ends here, with an empty line and no trailers.
    if (
      this.#trailerBytes === undefined &&
      end - start >= 2 &&
      bytes[start] === CR &&
      bytes[start + 1] === LF
    ) {
      this.#state = DONE
      return start + 2
    }
    this.#parser ??= new TrailerParser({
      maxHeadBytes: this.#limits.maxTrailerBytes,
      maxHeaderCount: this.#limits.maxTrailerCount,
      maxStartLineBytes: 0,
    })
    const before = this.#trailerBytes?.length ?? 0
    // One byte more than the limit is enough to see it broken.
    const room = this.#limits.maxTrailerBytes + 1 - before
    const more = bytes.subarray(start, Math.min(end, start + room))
    const all =
      this.#trailerBytes === undefined ? Buffer.from(more) : Buffer.concat([this.#trailerBytes, more])
    this.#trailerBytes = all
    const progress = this.#parser.parse(all, 0, all.length)
    if (progress === 'incomplete') return end
    if (progress === 'refused')
      this.refused = `in the trailers: ${this.#parser.refusal?.reason ?? 'not legal'}`
    else {
      this.trailers = this.#parser.take(all, 0, this.#parser.at)
      this.#state = DONE
    }
    return start + this.#parser.at - before
  }
}
