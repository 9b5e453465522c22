import { GatewayError } from '@postern/exchange'
import type { TrailerLimits } from '../body/chunked-decoder.ts'
import { NO_BODY, responseFraming } from '../body/framing.ts'
import { WHOLE_BYTES } from '../client/request-stream.ts'
import { KEEP_ALIVE } from '../head/field-codes.ts'
import { ResponseHeadParser } from '../head/response-head-parser.ts'
import type { EngineSettings } from '../options.ts'
import type { Deadlines, Timed } from '../wire/deadlines.ts'
import type { Splice } from '../wire/splice.ts'
import { Wire, type WireOwner } from '../wire/wire.ts'
import type { Attempt, Carrier } from './attempt.ts'
import { connectError, resetError } from './lost-attempt.ts'
import { OwnUpstreamResponse, type ResponseConsumer, type ResponseSource } from './own-upstream-response.ts'
import { UploadPump, type UploadTarget } from './upload-pump.ts'

/** What a connection needs of the pool it belongs to. */
export interface ConnectionHome {
  readonly settings: EngineSettings
  readonly trailerLimits: TrailerLimits
  readonly deadlines: Deadlines
  readonly isTls: boolean
  /** It can take a request: nothing is under way, or (sharing) fewer than it may carry. */
  available(connection: UpstreamConnection): void
  gone(connection: UpstreamConnection): void
  /** Sends an attempt once more, on a connection of its own. */
  resend(attempt: Attempt): void
}

// More interim answers than this to one request are an attack or a loop.
const MAX_INTERIM = 16
// A short rest of a body that nobody wants is cheaper to read than a new connection.
const DRAIN_BYTES = 64 * 1024

/** One connection to an upstream: requests out, answers in, in order; one at a time unless the route allows sharing. */
export class UpstreamConnection implements WireOwner, Timed, ResponseSource, Carrier, UploadTarget {
  deadline: number
  /** Carries a request that lets others travel along. */
  isSharing = false
  readonly wire: Wire = new Wire(this)
  readonly #home: ConnectionHome
  readonly #queue: Attempt[] = []
  #response: OwnUpstreamResponse | undefined
  #parser: ResponseHeadParser | undefined
  #waiting: Buffer | undefined
  #splice: Splice | undefined
  #onDrained: (() => void) | undefined
  #gathered = ''
  #readMs = 0
  #sendMs = 0
  #idleMs: number
  #interim = 0
  #served = 0
  #isConnected = false
  #hadTcp = false
  #isLast = false
  #isReading = false
  #isHeldBack = false
  #hasEnded = false
  #cause: GatewayError | undefined

  constructor(home: ConnectionHome, connectMs: number) {
    this.#home = home
    this.#idleMs = home.settings.upstreamIdleMs
    this.deadline = home.deadlines.exact() + connectMs
    home.deadlines.watch(this)
  }

  /** Requests on the way over this connection. */
  get load(): number {
    return this.#queue.length + (this.#response === undefined ? 0 : 1)
  }

  get isUsable(): boolean {
    return !this.#isLast && this.wire.isOpen && this.#splice === undefined
  }

  reachedTcp(): void {
    this.#hadTcp = true
  }

  connected(): void {
    this.#isConnected = true
    for (const attempt of [...this.#queue]) this.#start(attempt)
  }

  carry(attempt: Attempt): void {
    attempt.carrier = this
    this.isSharing = attempt.mayShare
    this.#queue.push(attempt)
    if (this.#isConnected) this.#start(attempt)
  }

  abandon(attempt: Attempt): void {
    // Shared with others: the answer is read and dropped when it comes.
    if (this.#queue.includes(attempt) && this.load === 1) this.wire.destroy()
  }

  /** Closes when what is under way is done. */
  retire(): void {
    this.#isLast = true
    if (this.load === 0) this.wire.destroy()
  }

  #start(attempt: Attempt): void {
    const { timeouts } = attempt.request
    this.#readMs = timeouts.readMs
    this.#sendMs = timeouts.sendMs
    attempt.isSent = true
    const { head } = attempt
    if (attempt.streamsBody) {
      const pump = new UploadPump(attempt, this, head)
      this.deadline = Infinity
      attempt.exchange.body.attach(pump)
      pump.sink.flush()
      return
    }
    this.deadline = this.#home.deadlines.now + timeouts.readMs
    if (attempt.mayShare) return this.#gather(head)
    const body = attempt.wholeBody
    if (body !== '') attempt.exchange.body.replayable = false
    this.wire.write(body === '' ? head : head + body)
  }

  // All requests of one turn of the loop leave in one write: that is what sharing a connection saves.
  #gather(head: string): void {
    if (this.#gathered === '') setImmediate(() => this.#flush())
    this.#gathered += head
  }

  #flush(): void {
    const text = this.#gathered
    this.#gathered = ''
    this.wire.write(text)
  }

  uploadHeldBack(then: () => void): void {
    this.#onDrained = then
    this.deadline = this.#home.deadlines.now + this.#sendMs
  }

  uploadFinished(): void {
    this.deadline = this.#home.deadlines.now + this.#readMs
  }

  uploadFailed(attempt: Attempt, error: GatewayError): void {
    attempt.fail(error)
    this.wire.destroy()
  }

  received(bytes: Buffer, start: number, end: number): void {
    if (this.#splice !== undefined) return this.#splice.received(bytes, start, end)
    const waiting = this.#waiting
    if (waiting === undefined) return this.#read(bytes, start, end)
    this.#waiting = undefined
    const all = Buffer.concat([waiting, bytes.subarray(start, end)])
    this.wire.recover()
    this.#read(all, 0, all.length)
    if (this.#isAwaited) this.wire.pause()
  }

  ended(): void {
    if (this.#splice !== undefined) return this.#splice.closed()
    if (this.#response !== undefined && this.#response.consumer === undefined) {
      this.#hasEnded = true
      return
    }
    if (this.#response?.ended() === true) this.#response = undefined
    this.wire.destroy()
  }

  drained(): void {
    if (this.#splice !== undefined) return this.#splice.drained()
    const resume = this.#onDrained
    this.#onDrained = undefined
    if (resume === undefined) return
    this.deadline = Infinity
    resume()
  }

  closed(error: Error | undefined): void {
    this.#home.deadlines.forget(this)
    this.#home.gone(this)
    this.#splice?.closed()
    this.#response?.fail(this.#cause ?? resetError(error, false))
    const hasAnswerBegun = this.#waiting !== undefined || this.#response !== undefined
    this.#response = undefined
    this.#waiting = undefined
    for (const [at, attempt] of this.#queue.splice(0).entries()) {
      if (attempt.isSettled) continue
      this.#lost(attempt, error, at > 0 || (this.#served > 0 && !hasAnswerBegun))
    }
  }

  expired(): void {
    if (!this.#isConnected) this.#cause = new GatewayError('connect-timeout', { retrySafe: true })
    else if (this.#queue.length > 0 && this.wire.congested)
      this.#cause = new GatewayError('upstream-send-timeout')
    else this.#cause = new GatewayError('upstream-read-timeout')
    this.wire.destroy()
  }

  resumeBody(): void {
    if (this.#isReading) return
    this.deadline = this.#home.deadlines.now + this.#readMs
    this.#isHeldBack = false
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting !== undefined) {
      this.#read(waiting, 0, waiting.length)
      if (this.#waiting === undefined) this.wire.recover()
    }
    if (!this.#isHeldBack) this.wire.resume()
    if (this.#hasEnded) this.ended()
  }

  abort(): void {
    this.wire.destroy()
  }

  dropBody(response: OwnUpstreamResponse): void {
    if (this.#response !== response) {
      if (response.upgraded && this.#splice === undefined) this.wire.destroy()
      return
    }
    if ((response.reader?.left ?? 0) <= DRAIN_BYTES && !this.#isLast) response.attach(SWALLOW)
    else this.wire.destroy()
  }

  splice(splice: Splice): void {
    this.#splice = splice
    this.deadline = Infinity
    const early = this.#waiting
    this.#waiting = undefined
    if (early !== undefined) splice.received(early, 0, early.length)
    this.wire.resume()
  }

  // A connection that was used before may have been closed by the upstream while our request was on its way; and what waits
  // behind another answer was perhaps never read.
  #lost(attempt: Attempt, error: Error | undefined, mayBeStale: boolean): void {
    if (!this.#isConnected) attempt.fail(this.#cause ?? connectError(error, this.#home.isTls, this.#hadTcp))
    else if (this.#cause === undefined && mayBeStale && attempt.mayRepeat) {
      attempt.wasResent = true
      this.#home.resend(attempt)
    } else attempt.fail(this.#cause ?? resetError(error, !attempt.isSent))
  }

  #read(bytes: Buffer, start: number, end: number): void {
    this.#isReading = true
    let at = start
    while (at < end && !this.wire.closed && this.#splice === undefined) {
      if (this.#response !== undefined) {
        if (this.#response.consumer === undefined) break
        at = this.#feed(this.#response, bytes, at, end)
      } else {
        const next = this.#head(bytes, at, end)
        if (next < 0) break
        at = next
      }
    }
    this.#isReading = false
    if (at < end && this.wire.isOpen) this.#waiting = this.wire.retain(bytes, at, end)
    if (this.#isHeldBack) this.wire.pause()
  }

  // Nobody has asked for the body yet: as a rule somebody does before the next read, so that pausing, two system calls, is
  // left to the second read that finds nobody.
  get #isAwaited(): boolean {
    return this.#response !== undefined && this.#response.consumer === undefined
  }

  #feed(response: OwnUpstreamResponse, bytes: Buffer, start: number, end: number): number {
    const consumer = response.consumer
    const at = response.feed(bytes, start, end)
    this.#isHeldBack = false
    if (response.failure !== undefined) this.wire.destroy()
    else if (!response.isOpen) this.#answered()
    else if (consumer?.progressed() === false) {
      this.#isHeldBack = true
      this.deadline = Infinity
      this.#moveOthers()
    } else this.deadline = this.#home.deadlines.now + this.#readMs
    return at
  }

  // Whoever shares this connection does not wait for somebody else's slow client: safe requests go another way.
  #moveOthers(): void {
    if (this.#queue.length === 0) return
    this.#isLast = true
    for (const attempt of this.#queue.splice(0)) {
      attempt.wasResent = true
      if (!attempt.isSettled) this.#home.resend(attempt)
    }
  }

  /** Reads a response head. Gives the offset behind what it took, or -1 when more bytes are needed. */
  #head(bytes: Buffer, start: number, end: number): number {
    const attempt = this.#queue[0]
    if (attempt === undefined) {
      // An answer to nothing: RFC 9112 §9.2 forbids to take it for the next one's.
      this.wire.destroy()
      return end
    }
    const parser = this.#parserFor(attempt.request.maxResponseHeadBytes)
    const progress = parser.parse(bytes, start, end)
    if (progress === 'incomplete') {
      this.deadline = this.#home.deadlines.now + this.#readMs
      return -1
    }
    if (progress === 'refused') return this.#broken(attempt, parser, end)
    if (parser.status < 200 && parser.status !== 101) return this.#interimHead(attempt, parser, start, end)
    return this.#answer(attempt, parser, bytes, start, end)
  }

  #parserFor(maxHeadBytes: number): ResponseHeadParser {
    if (this.#parser?.limits.maxHeadBytes !== maxHeadBytes) {
      this.#parser = new ResponseHeadParser({
        maxHeadBytes,
        maxHeaderCount: 1000,
        maxStartLineBytes: maxHeadBytes,
      })
      this.#parser.reset()
    }
    return this.#parser
  }

  #broken(attempt: Attempt, parser: ResponseHeadParser, end: number): number {
    const { status, reason } = parser.refusal ?? { status: 502, reason: 'no legal response' }
    const code = status === 431 ? 'upstream-head-too-large' : 'upstream-bad-response'
    attempt.fail(new GatewayError(code, { detail: reason }))
    this.wire.destroy()
    return end
  }

  #interimHead(attempt: Attempt, parser: ResponseHeadParser, start: number, end: number): number {
    const after = start + parser.at
    parser.reset()
    if (++this.#interim <= MAX_INTERIM) return after
    attempt.fail(new GatewayError('upstream-bad-response', { detail: 'too many interim responses' }))
    this.wire.destroy()
    return end
  }

  #answer(attempt: Attempt, parser: ResponseHeadParser, bytes: Buffer, start: number, end: number): number {
    const { facts, status } = parser
    const upgraded = status === 101
    if (upgraded && attempt.upgrade === undefined) {
      attempt.fail(new GatewayError('upstream-bad-response', { detail: 'a 101 that nobody asked for' }))
      this.wire.destroy()
      return end
    }
    const framing = upgraded ? NO_BODY : responseFraming(facts, status, attempt.request.method)
    const size = parser.at + (framing.kind === 'length' ? framing.length : 0)
    const hasLength = framing.kind === 'length' || framing.kind === 'none'
    const isWhole = hasLength && size <= end - start && size <= WHOLE_BYTES
    const headers = parser.take(bytes, start, start + (isWhole ? size : parser.at))
    const whole = isWhole && !upgraded ? headers.text.slice(headers.end) : undefined
    const { endpoint } = attempt.request
    const read = { status, headers, endpoint, framing, whole, lineEnd: parser.lineEnd }
    const response = new OwnUpstreamResponse(read, this, this.#home.trailerLimits)
    const stays = parser.minor === 1 ? !facts.close : facts.keepAlive && !facts.close
    const isUploading = attempt.streamsBody && attempt.exchange.body.isUnread
    if (!stays || framing.kind === 'close' || isUploading) this.#isLast = true
    if (this.#served === 0) this.#readHint(response)
    parser.reset()
    this.#interim = 0
    this.#queue.shift()
    attempt.carrier = undefined
    this.#response = response
    this.deadline = Infinity
    if (upgraded) this.#isLast = true
    else if (isWhole) this.#answered()
    this.wire.bulk = !isWhole
    attempt.succeed(response)
    return start + (isWhole ? size : headers.end)
  }

  #answered(): void {
    this.#response = undefined
    this.#served++
    if (this.#isLast) return this.wire.destroy()
    const next = this.#queue[0]
    const wait = next === undefined ? this.#idleMs : next.request.timeouts.readMs
    this.deadline = this.#home.deadlines.now + wait
    this.#home.available(this)
  }

  // `Keep-Alive: timeout=5` is how many servers say when they will close: a second before that the connection is not used
  // again, so that no request meets the closing.
  #readHint(response: OwnUpstreamResponse): void {
    const hint = response.headers.valueOf(KEEP_ALIVE)
    const seconds = hint === undefined ? null : /(?:^|[ ,])timeout=(\d{1,6})/i.exec(hint)
    if (seconds !== null) this.#idleMs = Math.min(this.#idleMs, Math.max(0, Number(seconds[1]) * 1000 - 1000))
  }
}

const SWALLOW: ResponseConsumer = {
  sink: { data: () => undefined },
  progressed: () => true,
  finished: () => undefined,
  failed: () => undefined,
}
