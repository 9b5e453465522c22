import { CR, FIELD_VALUE, LF, SP } from '../bytes/tables.ts'
import { HeadParser, type Progress } from './head-parser.ts'
import { refuse, type Refusal } from './refusal.ts'

const VERSION_TEXT = 'HTTP/1.'
const REASON = 12

/** Reads `HTTP-version SP status-code SP [reason] CRLF` (RFC 9112 §4) and judges a response's head as a whole. */
export class ResponseHeadParser extends HeadParser {
  minor = 1
  status = 0
  /** Offset of the CR that ends the status line. */
  lineEnd = 0
  #sawCr = false

  override reset(): void {
    super.reset()
    this.minor = 1
    this.status = 0
    this.#sawCr = false
  }

  protected override startLine(bytes: Buffer, base: number, stop: number): Progress {
    let i = base + this.at
    while (i < stop && i - base <= REASON && !this.#sawCr) {
      const byte = bytes[i] as number
      const offset = i - base
      if (offset === REASON && byte === CR) break
      if (!this.#fits(byte, offset)) return this.refused(502, 'no legal status line')
      i++
    }
    if (i - base >= REASON && !this.#sawCr) {
      while (i < stop && FIELD_VALUE[bytes[i] as number] !== 0) i++
      if (i < stop) {
        if (bytes[i] !== CR) return this.refused(502, 'no legal status line')
        this.#sawCr = true
        this.lineEnd = i++ - base
      }
    }
    this.at = i - base
    if (i >= stop || !this.#sawCr) return 'incomplete'
    this.at++
    return bytes[i] === LF ? 'complete' : this.refused(502, 'a carriage return without a line feed')
  }

  protected override check(): Refusal | undefined {
    const { facts } = this
    if (this.status < 100) return refuse(502, 'a status under 100')
    if (!facts.chunked) return undefined
    if (facts.contentLength >= 0) return refuse(502, 'both Content-Length and Transfer-Encoding')
    return this.minor === 0 ? refuse(502, 'Transfer-Encoding in an HTTP/1.0 response') : undefined
  }

  #fits(byte: number, offset: number): boolean {
    if (offset < 7) return byte === VERSION_TEXT.charCodeAt(offset)
    if (offset === 7) {
      this.minor = byte - 48
      return this.minor === 0 || this.minor === 1
    }
    if (offset === 8 || offset === REASON) return byte === SP
    this.status = this.status * 10 + byte - 48
    // RFC 9110 §15: three digits, 100 to 599.
    return byte >= 48 && byte <= (offset === 9 ? 53 : 57)
  }
}
