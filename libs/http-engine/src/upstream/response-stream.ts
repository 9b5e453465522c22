import { GatewayError } from '@postern/exchange'
import type { TrailerLimits } from '../body/chunked-decoder.ts'
import { NO_BODY, responseFraming } from '../body/framing.ts'
import { WHOLE_BYTES } from '../client/request-stream.ts'
import { ResponseHeadParser } from '../head/response-head-parser.ts'
import type { Wire } from '../wire/wire.ts'
import type { Attempt } from './attempt.ts'
import { OwnUpstreamResponse, type ResponseSource } from './own-upstream-response.ts'

/** The connection whose bytes are read. */
export interface ResponseReader extends ResponseSource {
  readonly wire: Wire
  readonly trailerLimits: TrailerLimits
  /** False once the connection closes or has left HTTP. */
  readonly isReadable: boolean
  /** The attempt whose answer comes next. */
  readonly awaited: Attempt | undefined
  /** Bytes came, and more are expected: the read timeout begins anew. */
  progressed(): void
  /** The client does not take the body as fast as it comes. */
  heldBack(): void
  /** A final head was read; `stays` tells whether another answer may follow on this connection. */
  answering(attempt: Attempt, response: OwnUpstreamResponse, stays: boolean): void
  /** The answer under way is complete. */
  answered(): void
  /** What came is no legal answer: the connection cannot be read any further. */
  broken(attempt: Attempt | undefined, error: GatewayError): void
}

// More interim answers than this to one request are an attack or a loop.
const MAX_INTERIM = 16
const MAX_FIELDS = 1000
const UNASKED = 'an answer that nobody asked for'

/** Reads answers, one after the other, and their bodies out of the bytes of an upstream connection. */
export class ResponseStream {
  /** The answer whose body is under way. */
  response: OwnUpstreamResponse | undefined
  isHeldBack = false
  readonly #reader: ResponseReader
  #parser: ResponseHeadParser | undefined
  #waiting: Buffer | undefined
  #isReading = false
  #interim = 0

  constructor(reader: ResponseReader) {
    this.#reader = reader
  }

  /** Whether bytes of an answer are there. */
  get hasBegun(): boolean {
    return this.#waiting !== undefined || this.response !== undefined
  }

  // Nobody has asked for the body yet: as a rule somebody does before the next read, so that pausing, two system calls, is
  // left to the second read that finds nobody.
  get isAwaited(): boolean {
    return this.response !== undefined && this.response.consumer === undefined
  }

  received(bytes: Buffer, start: number, end: number): void {
    const waiting = this.#waiting
    if (waiting === undefined) {
      this.#read(bytes, start, end)
      if (this.#waiting === undefined) this.#reader.wire.memory.recover()
      return
    }
    this.#waiting = undefined
    const all = Buffer.concat([waiting, bytes.subarray(start, end)])
    this.#reader.wire.memory.recover()
    this.#read(all, 0, all.length)
    if (this.isAwaited) this.#reader.wire.pause()
  }

  /** Somebody takes the body, or goes on taking it. */
  proceed(): void {
    if (this.#isReading) return
    this.isHeldBack = false
    this.#reader.progressed()
    const waiting = this.takeWaiting()
    if (waiting !== undefined) {
      this.#read(waiting, 0, waiting.length)
      if (this.#waiting === undefined) this.#reader.wire.memory.recover()
    }
    if (!this.isHeldBack) this.#reader.wire.resume()
  }

  takeWaiting(): Buffer | undefined {
    const waiting = this.#waiting
    this.#waiting = undefined
    return waiting
  }

  #read(bytes: Buffer, start: number, end: number): void {
    const reader = this.#reader
    this.#isReading = true
    let at = start
    while (at < end && reader.isReadable) {
      if (this.response !== undefined) {
        if (this.response.consumer === undefined) break
        at = this.#feed(this.response, bytes, at, end)
      } else {
        const next = this.#head(bytes, at, end)
        if (next < 0) break
        at = next
      }
    }
    this.#isReading = false
    if (at < end && reader.wire.isOpen) this.#waiting = reader.wire.memory.retain(bytes, at, end)
    if (this.isHeldBack) reader.wire.pause()
  }

  #feed(response: OwnUpstreamResponse, bytes: Buffer, start: number, end: number): number {
    const consumer = response.consumer
    const at = response.feed(bytes, start, end)
    this.isHeldBack = false
    if (response.failure !== undefined) this.#reader.broken(undefined, response.failure)
    else if (!response.isOpen) this.#answered(at < end)
    else if (consumer?.progressed() === false) {
      this.isHeldBack = true
      this.#reader.heldBack()
    } else this.#reader.progressed()
    return at
  }

  /** Reads a response head. Gives the offset behind what it took, or -1 when more bytes are needed. */
  #head(bytes: Buffer, start: number, end: number): number {
    const attempt = this.#reader.awaited
    if (attempt === undefined) {
      // An answer to nothing: RFC 9112 §9.2 forbids to take it for the next one's.
      return this.#broken(undefined, UNASKED, end)
    }
    const parser = this.#parserFor(attempt.request.maxResponseHeadBytes)
    const progress = parser.parse(bytes, start, end)
    if (progress === 'incomplete') {
      this.#reader.progressed()
      return -1
    }
    if (progress === 'refused') return this.#refused(attempt, parser, end)
    if (parser.status >= 200 || parser.status === 101) return this.#answer(attempt, parser, bytes, start, end)
    const after = start + parser.at
    parser.reset()
    return ++this.#interim > MAX_INTERIM ? this.#broken(attempt, 'too many interim answers', end) : after
  }

  #parserFor(maxHeadBytes: number): ResponseHeadParser {
    if (this.#parser?.limits.maxHeadBytes !== maxHeadBytes) {
      const limits = { maxHeadBytes, maxHeaderCount: MAX_FIELDS, maxStartLineBytes: maxHeadBytes }
      this.#parser = new ResponseHeadParser(limits)
      this.#parser.reset()
    }
    return this.#parser
  }

  #refused(attempt: Attempt, { refusal }: ResponseHeadParser, end: number): number {
    if (refusal?.status !== 431) return this.#broken(attempt, refusal?.reason ?? 'no legal answer', end)
    this.#reader.broken(attempt, new GatewayError('upstream-head-too-large', { detail: refusal.reason }))
    return end
  }

  #broken(attempt: Attempt | undefined, detail: string, end: number): number {
    this.#reader.broken(attempt, new GatewayError('upstream-bad-response', { detail }))
    return end
  }

  #answer(attempt: Attempt, parser: ResponseHeadParser, bytes: Buffer, start: number, end: number): number {
    const { facts, status } = parser
    const upgraded = status === 101
    if (upgraded && attempt.upgrade === undefined)
      return this.#broken(attempt, 'a 101 that nobody asked for', end)
    const framing = upgraded ? NO_BODY : responseFraming(facts, status, attempt.request.method)
    const isMeasured = framing.kind === 'length' || framing.kind === 'none'
    const size = parser.at + (framing.kind === 'length' ? framing.length : 0)
    const isWhole = isMeasured && size <= end - start && size <= WHOLE_BYTES
    const headers = parser.take(bytes, start, start + (isWhole ? size : parser.at))
    const whole = isWhole && !upgraded ? headers.text.slice(headers.end) : undefined
    const { endpoint } = attempt.request
    const read = { status, headers, endpoint, framing, whole, lineEnd: parser.lineEnd }
    const response = new OwnUpstreamResponse(read, this.#reader, this.#reader.trailerLimits)
    const isPersistent = parser.minor === 1 ? !facts.close : facts.keepAlive && !facts.close
    parser.reset()
    this.#interim = 0
    this.response = response
    this.#reader.wire.memory.bulk = !isWhole
    this.#reader.answering(attempt, response, isPersistent && framing.kind !== 'close' && !upgraded)
    if (whole !== undefined) this.#answered(start + size < end)
    attempt.succeed(response)
    return start + (isWhole ? size : headers.end)
  }

  #answered(hasMore: boolean): void {
    this.response = undefined
    // Before anybody else gets the connection, who would be given these bytes for an answer.
    if (hasMore && this.#reader.awaited === undefined) this.#broken(undefined, UNASKED, 0)
    else this.#reader.answered()
  }
}
