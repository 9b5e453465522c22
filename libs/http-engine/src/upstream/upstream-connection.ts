import { GatewayError } from '@postern/exchange'
import { DROP } from '../body/body-consumer.ts'
import type { TrailerLimits } from '../body/chunked-decoder.ts'
import type { Timed } from '../wire/deadlines.ts'
import type { Splice } from '../wire/splice.ts'
import { Wire, type WireOwner } from '../wire/wire.ts'
import type { Attempt, Carrier } from './attempt.ts'
import type { ConnectionHome } from './connection-home.ts'
import { idleHintMs } from './idle-hint.ts'
import { connectError, resetError } from './lost-attempt.ts'
import type { OwnUpstreamResponse } from './own-upstream-response.ts'
import { ResponseStream, type ResponseReader } from './response-stream.ts'
import { UploadPump, type UploadTarget } from './upload-pump.ts'

// A short rest of a body that nobody wants is cheaper to read than a new connection.
const DRAIN_BYTES = 64 * 1024

/** One connection to an upstream: requests out, answers in, in order; one at a time unless the route allows sharing. */
export class UpstreamConnection implements WireOwner, Timed, Carrier, ResponseReader, UploadTarget {
  deadline: number
  /** Carries a request that lets others travel along. */
  isSharing = false
  readonly wire: Wire
  readonly #home: ConnectionHome
  readonly #answers: ResponseStream = new ResponseStream(this)
  /** Sent, and not answered yet. */
  readonly #queue: Attempt[] = []
  #splice: Splice | undefined
  #onDrained: (() => void) | undefined
  #readMs = 0
  #sendMs = 0
  #idleMs: number
  #served = 0
  #isConnected = false
  #hadTcp = false
  #isLast = false
  #hasEnded = false
  #cause: GatewayError | undefined

  constructor(home: ConnectionHome, connectMs: number) {
    this.#home = home
    this.wire = new Wire(this, home.outbox)
    this.#idleMs = home.settings.upstreamIdleMs
    this.deadline = home.deadlines.exact() + connectMs
    home.deadlines.watch(this)
  }

  /** Requests on the way over this connection. */
  get load(): number {
    return this.#queue.length + (this.#answers.response === undefined ? 0 : 1)
  }

  get isUsable(): boolean {
    return !this.#isLast && this.wire.isOpen && this.#splice === undefined
  }

  get isReadable(): boolean {
    return this.wire.isOpen && this.#splice === undefined
  }

  get awaited(): Attempt | undefined {
    return this.#queue[0]
  }

  get trailerLimits(): TrailerLimits {
    return this.#home.trailerLimits
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

  abort(): void {
    this.wire.destroy()
  }

  #start(attempt: Attempt): void {
    const { head, request } = attempt
    this.#readMs = request.timeouts.readMs
    this.#sendMs = request.timeouts.sendMs
    attempt.isSent = true
    if (attempt.streamsBody) {
      const pump = new UploadPump(attempt, this, head)
      this.deadline = Infinity
      attempt.exchange.body.attach(pump)
      pump.sink.flush()
      return
    }
    this.progressed()
    const body = attempt.wholeBody
    if (body !== '' && request.body === 'exchange') attempt.exchange.body.replayable = false
    this.wire.write(body === '' ? head : head + body)
  }

  uploadHeldBack(then: () => void): void {
    this.#onDrained = then
    this.deadline = this.#home.deadlines.now + this.#sendMs
  }

  uploadFinished(): void {
    this.progressed()
  }

  uploadFailed(attempt: Attempt, error: GatewayError): void {
    attempt.fail(error)
    this.wire.destroy()
  }

  received(bytes: Buffer, start: number, end: number): void {
    if (this.#splice !== undefined) this.#splice.received(bytes, start, end)
    else this.#answers.received(bytes, start, end)
  }

  ended(): void {
    if (this.#splice !== undefined) return this.#splice.closed()
    if (this.#answers.isAwaited) {
      // What waits comes first; `resumeBody` comes back here.
      this.#hasEnded = true
      return
    }
    if (this.#answers.response?.ended() === true) this.#answers.response = undefined
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
    const isStale = this.#served > 0 && !this.#answers.hasBegun
    this.#answers.response?.fail(this.#cause ?? resetError(error, false))
    for (const [at, attempt] of this.#queue.splice(0).entries()) {
      if (!attempt.isSettled) this.#lost(attempt, error, at > 0 || isStale)
    }
  }

  expired(): void {
    if (!this.#isConnected) this.#cause = new GatewayError('connect-timeout', { retrySafe: true })
    else if (this.#queue.length > 0 && this.wire.congested)
      this.#cause = new GatewayError('upstream-send-timeout')
    else this.#cause = new GatewayError('upstream-read-timeout')
    this.wire.destroy()
  }

  progressed(): void {
    this.deadline = this.#home.deadlines.now + this.#readMs
  }

  // Whoever shares this connection does not wait for somebody else's slow client: safe requests go another way.
  heldBack(): void {
    this.deadline = Infinity
    if (this.#queue.length === 0) return
    this.#isLast = true
    for (const attempt of this.#queue.splice(0)) {
      attempt.wasResent = true
      if (!attempt.isSettled) this.#home.resend(attempt)
    }
  }

  answering(attempt: Attempt, response: OwnUpstreamResponse, stays: boolean): void {
    this.#queue.shift()
    attempt.carrier = undefined
    this.deadline = Infinity
    // An answer that comes before its request is complete ends the request's body, and with it the connection.
    const isUploading = attempt.streamsBody && attempt.exchange.body.isUnread
    if (!stays || isUploading) this.#isLast = true
    if (this.#served === 0) this.#idleMs = Math.min(this.#idleMs, idleHintMs(response.headers))
  }

  answered(): void {
    this.#served++
    if (this.#isLast) return this.wire.destroy()
    const wait = this.awaited?.request.timeouts.readMs ?? this.#idleMs
    this.deadline = this.#home.deadlines.now + wait
    this.#home.available(this)
  }

  broken(attempt: Attempt | undefined, error: GatewayError): void {
    attempt?.fail(error)
    this.wire.destroy()
  }

  resumeBody(): void {
    this.#answers.proceed()
    if (this.#hasEnded) this.ended()
  }

  dropBody(response: OwnUpstreamResponse): void {
    if (this.#answers.response !== response) {
      if (response.upgraded && this.#splice === undefined) this.wire.destroy()
      return
    }
    if ((response.reader?.left ?? 0) <= DRAIN_BYTES && !this.#isLast) response.attach(DROP)
    else this.wire.destroy()
  }

  splice(splice: Splice): void {
    this.#splice = splice
    this.deadline = Infinity
    const early = this.#answers.takeWaiting()
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
}
