import { CR, LF, SP, TARGET, TOKEN } from '../bytes/tables.ts'
import { HeadParser, type Progress } from './head-parser.ts'
import { refuse, type Refusal } from './refusal.ts'

const START = 0
const BLANK_LF = 1
const METHOD = 2
const TARGET_START = 3
const TARGET_REST = 4
const VERSION = 5

// No registered method is longer than `UPDATEREDIRECTREF`; the limit keeps a stream of letters from being a method for long.
const MAX_METHOD_BYTES = 32
const VERSION_TEXT = 'HTTP/1.'

/** Reads `method SP request-target SP HTTP-version CRLF` (RFC 9112 §3) and judges a request's head as a whole. */
export class RequestHeadParser extends HeadParser {
  methodStart = 0
  methodEnd = 0
  targetStart = 0
  targetEnd = 0
  /** 0 or 1: HTTP/1.0 or HTTP/1.1. */
  minor = 1
  #state = START

  override reset(): void {
    super.reset()
    this.#state = START
    this.methodStart = 0
    this.minor = 1
  }

  protected override startLine(bytes: Buffer, base: number, stop: number): Progress {
    const limit = Math.min(stop, base + this.limits.maxStartLineBytes)
    const progress = this.#readLine(bytes, base, limit)
    if (progress !== 'incomplete' || limit === stop) return progress
    return this.refused(414, `the request line is longer than ${String(this.limits.maxStartLineBytes)} bytes`)
  }

  protected override check(): Refusal | undefined {
    const { facts } = this
    if (facts.hosts > 1) return refuse(400, 'several Host fields')
    if (facts.hosts === 0 && this.minor === 1) return refuse(400, 'no Host field')
    if (!facts.chunked) return undefined
    if (facts.contentLength >= 0) return refuse(400, 'both Content-Length and Transfer-Encoding')
    // RFC 9112 §6.1: an HTTP/1.0 message with Transfer-Encoding has faulty framing.
    return this.minor === 0 ? refuse(400, 'Transfer-Encoding in an HTTP/1.0 request') : undefined
  }

  #readLine(bytes: Buffer, base: number, stop: number): Progress {
    let i = base + this.at
    while (i < stop) {
      if (this.#state === METHOD) {
        while (i < stop && TOKEN[bytes[i] as number] !== 0) i++
        if (i - base - this.methodStart > MAX_METHOD_BYTES)
          return this.refused(400, 'a method that is too long')
        if (i === stop) break
        if (bytes[i] !== SP || i - base === this.methodStart) return this.refused(400, 'no legal method')
        this.methodEnd = i++ - base
        this.#state = TARGET_START
      } else if (this.#state === TARGET_START || this.#state === TARGET_REST) {
        if (this.#state === TARGET_START) this.targetStart = i - base
        this.#state = TARGET_REST
        while (i < stop && TARGET[bytes[i] as number] !== 0) i++
        if (i === stop) break
        if (bytes[i] !== SP || i - base === this.targetStart)
          return this.refused(400, 'no legal request target')
        this.targetEnd = i++ - base
        this.#state = VERSION
      } else if (this.#state === VERSION) {
        const progress = this.#version(bytes[i] as number, i - base - this.targetEnd - 1)
        i++
        if (progress === 'incomplete') continue
        this.at = i - base
        return progress
      } else if (this.#state === BLANK_LF) {
        if (bytes[i++] !== LF) return this.refused(400, 'a bare carriage return')
        this.methodStart = i - base
        this.#state = METHOD
      } else if (bytes[i] === CR) {
        // RFC 9112 §2.2: one empty line before a request is forgiven.
        this.#state = BLANK_LF
        i++
      } else this.#state = METHOD
    }
    this.at = i - base
    return 'incomplete'
  }

  #version(byte: number, offset: number): Progress {
    if (offset < 7)
      return byte === VERSION_TEXT.charCodeAt(offset) ? 'incomplete' : this.refused(400, 'no legal version')
    if (offset === 7) {
      this.minor = byte - 48
      return this.minor === 0 || this.minor === 1
        ? 'incomplete'
        : this.refused(505, 'not HTTP/1.0 or HTTP/1.1')
    }
    if (offset === 8) return byte === CR ? 'incomplete' : this.refused(400, 'no line end behind the version')
    return byte === LF ? 'complete' : this.refused(400, 'a carriage return without a line feed')
  }
}
