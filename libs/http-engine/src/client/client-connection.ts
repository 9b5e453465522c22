import { GatewayError, type ConnectionFacts } from '@postern/exchange'
import type { MessageHead } from '../head/message-head.ts'
import type { Refusal } from '../head/refusal.ts'
import { statusLine } from '../reasons.ts'
import type { Timed } from '../wire/deadlines.ts'
import type { Splice } from '../wire/splice.ts'
import type { Wire, WireOwner } from '../wire/wire.ts'
import type { ClientContext } from './client-context.ts'
import { OwnExchange } from './own-exchange.ts'
import type { RequestBodyFlow } from './request-body.ts'
import type { RequestFacts } from './request-facts.ts'
import { RequestStream, type RequestReader } from './request-stream.ts'

// An unread body this small is cheaper to take in than a new connection.
const DRAIN_BYTES = 64 * 1024
const LINGER_MS = 5_000
const LINGER_BYTES = 16 * 1024 * 1024

type Phase = 'http' | 'closing' | 'spliced' | 'closed'

/** One client connection: serves its requests one at a time, watches the clock over them, and ends in good order. */
export class ClientConnection implements WireOwner, Timed, RequestReader {
  deadline: number
  readonly wire: Wire
  readonly context: ClientContext
  readonly facts: ConnectionFacts
  readonly #requests: RequestStream
  #phase: Phase = 'http'
  #exchange: OwnExchange | undefined
  #splice: Splice | undefined
  #onDrained: (() => void) | undefined
  #served = 0
  #lingered = 0

  constructor(wire: Wire, facts: ConnectionFacts, context: ClientContext) {
    this.wire = wire
    this.facts = facts
    this.context = context
    this.#requests = new RequestStream(this)
    this.deadline = context.deadlines.now + context.limits.headTimeoutMs
    wire.owner = this
    context.deadlines.watch(this)
  }

  get isOpen(): boolean {
    return this.#phase === 'http'
  }

  get isServing(): boolean {
    return this.#exchange !== undefined
  }

  received(bytes: Buffer, start: number, end: number): void {
    if (this.#phase === 'http') this.#requests.received(bytes, start, end)
    else this.receivedRest(bytes, start, end)
  }

  receivedRest(bytes: Buffer, start: number, end: number): void {
    if (this.#phase === 'spliced') return this.#splice?.received(bytes, start, end)
    this.#lingered += end - start
    if (this.#lingered > LINGER_BYTES) this.wire.destroy()
  }

  ended(): void {
    if (this.#phase === 'spliced') return this.#splice?.closed()
    if (this.#exchange === undefined) return this.wire.end()
    // A client that closes its side has left, as nginx reads it: nobody waits for what is under way.
    this.#exchange.abort()
    this.wire.destroy()
  }

  drained(): void {
    if (this.#phase === 'spliced') return this.#splice?.drained()
    const resume = this.#onDrained
    this.#onDrained = undefined
    if (resume !== undefined) resume()
    else this.#requests.proceed()
  }

  closed(): void {
    this.#phase = 'closed'
    this.context.deadlines.forget(this)
    this.#exchange?.abort()
    this.#requests.closed()
    this.#splice?.closed()
    this.drained()
    this.context.closed(this)
  }

  expired(): void {
    if (this.#phase !== 'http') return this.wire.destroy()
    if (this.#exchange === undefined) {
      if (!this.#requests.hasWaiting) return this.#closeAtOnce()
      return this.refuse({ status: 408, reason: 'the request head took too long' })
    }
    if (this.wire.congested) return this.cut()
    // It may have left long ago, and its upstream works for nobody.
    if (this.#requests.isFarAhead && !this.#exchange.answered) return this.cut()
    const late = new GatewayError('client-body-timeout', { detail: 'the request body came too slowly' })
    this.#requests.body?.fail(late)
  }

  /** Answers a message that never became an exchange, and closes: what follows on this connection cannot be trusted. */
  refuse({ status, reason }: Refusal): void {
    if (this.#phase !== 'http') return
    const body = `${reason}\n`
    const length = String(body.length)
    const fields = `Content-Type: text/plain; charset=utf-8\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`
    this.wire.write(statusLine(status) + fields + body)
    this.close()
    this.context.onRefused?.({ status, reason, connection: this.facts })
  }

  /** Closes our side and reads on for a while, so that the client sees the answer instead of a reset (RFC 9112 §9.6). */
  close(): void {
    if (!this.#leave()) return
    this.wire.end()
    this.wire.resume()
  }

  // Nothing is on its way that a reset could destroy, so nobody waits for the client's side.
  #closeAtOnce(): void {
    if (this.#leave()) this.wire.finish()
  }

  #leave(): boolean {
    if (this.#phase !== 'http') return false
    this.#phase = 'closing'
    this.#requests.takeWaiting()
    this.deadline = this.context.deadlines.now + LINGER_MS
    return true
  }

  /** Ends a response that cannot be completed so that nobody takes it for complete. */
  cut(): void {
    this.#exchange?.abort()
    this.wire.reset()
  }

  /** The listener stops: closes now when nothing is under way. */
  stop(): void {
    const { body, hasWaiting } = this.#requests
    if (this.#exchange === undefined && body === undefined && !hasWaiting) this.#closeAtOnce()
  }

  /** Leaves HTTP: from now on bytes go to the splice. */
  splice(splice: Splice): void {
    this.#splice = splice
    this.#phase = 'spliced'
    this.deadline = Infinity
    const early = this.#requests.takeWaiting()
    if (early !== undefined) splice.received(early, 0, early.length)
    this.wire.resume()
  }

  serve(facts: RequestFacts, head: MessageHead, body: RequestBodyFlow): void {
    this.#served++
    const exchange = new OwnExchange(this, facts, head, body)
    this.#exchange = exchange
    try {
      const served = this.context.serve(exchange)
      served?.then(
        () => this.#wasServed(exchange, exchange.answered),
        () => this.#wasServed(exchange, false),
      )
    } catch {
      this.#wasServed(exchange, false)
    }
  }

  // Serving must answer and not reject; when it does not, the connection ends rather than waits for ever.
  #wasServed(exchange: OwnExchange, well: boolean): void {
    exchange.settled()
    if (!well && this.#exchange === exchange) this.cut()
  }

  /** Whether the connection can go on after a response whose head is written now. */
  canStay(exchange: OwnExchange): boolean {
    if (!exchange.facts.keepAlive || this.context.isLeaving()) return false
    if (this.#served >= this.context.limits.maxRequestsPerConnection) return false
    return this.#canDrain(exchange)
  }

  /** The response is written. */
  finished(exchange: OwnExchange, stays: boolean): void {
    if (this.#exchange !== exchange) return
    this.#exchange = undefined
    // A paced answer may end while its client takes no more: the drain that follows goes on with reading.
    this.#onDrained = undefined
    if (this.#phase !== 'http') return
    const { body } = this.#requests
    body?.detach()
    if (!stays || (body !== undefined && !this.#canDrain(exchange))) {
      // RFC 9112 §9.6: whoever said `close` sends nothing behind this request.
      const isLast = !exchange.facts.keepAlive && body === undefined && !this.#requests.hasWaiting
      return isLast ? this.#closeAtOnce() : this.close()
    }
    this.deadline = this.context.deadlines.now + this.context.limits.keepAliveTimeoutMs
    if (body !== undefined) this.#requests.drain()
    else this.#requests.proceed()
  }

  /** The client does not take more at the moment: `then` is called when it does, or the connection is cut in time. */
  awaitDrain(then: () => void): void {
    this.#onDrained = () => {
      this.deadline = this.#requests.bodyDeadline
      then()
    }
    this.deadline = this.context.deadlines.now + this.context.limits.bodyIdleTimeoutMs
  }

  #canDrain({ body, facts }: OwnExchange): boolean {
    if (!body.isUnread) return body.failure === undefined || body.text !== undefined
    const isCheap = body.failure === undefined && (body.reader?.left ?? 0) <= DRAIN_BYTES
    // Whoever waits for a 100 that never came may send the body or may not: nobody knows where the next request begins.
    return isCheap && !(facts.expectsContinue && body.received === 0 && !this.#requests.hasWaiting)
  }
}
