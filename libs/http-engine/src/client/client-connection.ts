import { GatewayError, type ConnectionFacts, type ListenerLimits, type Serve } from '@postern/exchange'
import type { HostName } from '@postern/routing-table'
import type { TrailerLimits } from '../body/chunked-decoder.ts'
import { requestFraming } from '../body/framing.ts'
import type { RequestHeadParser } from '../head/request-head-parser.ts'
import type { Refusal } from '../head/refusal.ts'
import type { EngineSettings } from '../options.ts'
import { statusLine } from '../reasons.ts'
import type { Deadlines, Timed } from '../wire/deadlines.ts'
import type { Wire, WireOwner } from '../wire/wire.ts'
import { BodyFloor } from './body-floor.ts'
import { OwnExchange } from './own-exchange.ts'
import type { ParserShelf } from './parser-shelf.ts'
import { RequestBodyFlow, type BodyConsumer } from './request-body.ts'
import { readRequest, type KnownHost } from './read-request.ts'

/** What all connections of one listener share. */
export interface ClientContext {
  readonly serve: Serve
  readonly limits: ListenerLimits
  readonly settings: EngineSettings
  readonly trailerLimits: TrailerLimits
  readonly deadlines: Deadlines
  readonly parsers: ParserShelf
  /** The listener is stopping: responses say `Connection: close`. */
  isStopping(): boolean
  closed(connection: ClientConnection): void
}

/** Takes the bytes of a connection that has left HTTP. */
export interface Splice {
  received(bytes: Buffer, start: number, end: number): void
  drained(): void
  closed(): void
}

/** A whole small message is handled as one text. */
export const WHOLE_BYTES = 16 * 1024
// Requests that were sent ahead are kept up to here; then the client is held back.
const AHEAD_BYTES = 64 * 1024
// An unread body this small is cheaper to take in than a new connection.
const DRAIN_BYTES = 64 * 1024
const LINGER_MS = 5_000
const LINGER_BYTES = 16 * 1024 * 1024

type Phase = 'http' | 'closing' | 'spliced' | 'closed'

/** One client connection: reads request after request, serves them one at a time, and watches the clock over it. */
export class ClientConnection implements WireOwner, Timed {
  deadline: number
  readonly wire: Wire
  readonly context: ClientContext
  readonly facts: ConnectionFacts
  /** Called when everything that waited to be written has left. */
  onDrained: (() => void) | undefined
  #phase: Phase = 'http'
  #parser: RequestHeadParser | undefined
  /** Bytes that wait: of an unfinished head, of requests sent ahead, or of a body that nobody wants yet. */
  #waiting: Buffer | undefined
  #exchange: OwnExchange | undefined
  #body: RequestBodyFlow | undefined
  #splice: Splice | undefined
  readonly #floor: BodyFloor
  readonly #known: KnownHost = { authority: '', host: '' as HostName }
  #served = 0
  #lingered = 0
  #isReading = false
  #hasHeadBegun = false

  constructor(wire: Wire, facts: ConnectionFacts, context: ClientContext) {
    this.wire = wire
    this.facts = facts
    this.context = context
    this.#floor = new BodyFloor(context.settings.minBodyBytesPerSecond)
    this.deadline = context.deadlines.now + context.limits.headTimeoutMs
    wire.owner = this
    context.deadlines.watch(this)
  }

  get isIdle(): boolean {
    return (
      this.#phase === 'http' &&
      this.#exchange === undefined &&
      this.#body === undefined &&
      this.#waiting === undefined
    )
  }

  received(bytes: Buffer, start: number, end: number): void {
    if (this.#phase === 'spliced') return this.#splice?.received(bytes, start, end)
    if (this.#phase !== 'http') return this.#lingering(end - start)
    const waiting = this.#waiting
    if (waiting === undefined) return this.#read(bytes, start, end)
    this.#waiting = undefined
    const all = Buffer.concat([waiting, bytes.subarray(start, end)])
    this.wire.recover()
    this.#read(all, 0, all.length)
    // As a rule a body is asked for before the next read; this read found nobody.
    if (this.#body !== undefined && this.#body.consumer === undefined) this.wire.pause()
  }

  ended(): void {
    if (this.#phase === 'spliced') return this.#splice?.closed()
    // A client that closes its side has left, as nginx reads it: nobody waits for what is under way.
    if (this.#exchange === undefined) return this.wire.end()
    this.#exchange.abort()
    this.wire.destroy()
  }

  drained(): void {
    if (this.#phase === 'spliced') return this.#splice?.drained()
    const resume = this.onDrained
    this.onDrained = undefined
    if (resume !== undefined) resume()
    else if (this.#phase === 'http') this.#continue()
  }

  closed(): void {
    const splice = this.#splice
    this.#phase = 'closed'
    this.#waiting = undefined
    this.context.deadlines.forget(this)
    this.#dropParser()
    this.#exchange?.abort()
    this.#body?.fail(new GatewayError('client-gone'))
    splice?.closed()
    this.drained()
    this.context.closed(this)
  }

  expired(): void {
    if (this.#phase !== 'http') return this.wire.destroy()
    if (this.#exchange === undefined) {
      if (this.#waiting === undefined) return this.close()
      return this.refuse({ status: 408, reason: 'the request head took too long' })
    }
    if (this.wire.congested) return this.cut()
    this.#body?.fail(new GatewayError('client-body-timeout', { detail: 'the request body came too slowly' }))
  }

  /** Answers a message that never became an exchange, and closes: what follows on this connection cannot be trusted. */
  refuse({ status, reason }: Refusal): void {
    if (this.#phase !== 'http') return
    const body = `${reason}\n`
    const fields = `Content-Type: text/plain; charset=utf-8\r\nContent-Length: ${String(body.length)}\r\nConnection: close\r\n\r\n`
    this.wire.write(statusLine(status) + fields + body)
    this.close()
  }

  /** Closes our side and reads on for a while, so that the client sees the answer instead of a reset (RFC 9112 §9.6). */
  close(): void {
    if (this.#phase !== 'http') return
    this.#phase = 'closing'
    this.#waiting = undefined
    this.deadline = this.context.deadlines.now + LINGER_MS
    this.wire.end()
    this.wire.resume()
  }

  /** Ends a response that cannot be completed so that nobody takes it for complete. */
  cut(): void {
    this.#exchange?.abort()
    this.wire.reset()
  }

  /** Whether the connection can go on after a response whose head is written now. */
  canStay(exchange: OwnExchange): boolean {
    if (!exchange.facts.keepAlive || this.context.isStopping()) return false
    if (this.#served >= this.context.limits.maxRequestsPerConnection) return false
    return exchange.body.consumer !== undefined || this.#canDrain(exchange)
  }

  /** The response is written. */
  finished(exchange: OwnExchange, stays: boolean): void {
    if (this.#exchange !== exchange) return
    this.#exchange = undefined
    if (this.#phase !== 'http') return
    const body = this.#body
    body?.detach()
    if (!stays || (body !== undefined && !this.#canDrain(exchange))) return this.close()
    this.deadline = this.context.deadlines.now + this.context.limits.keepAliveTimeoutMs
    if (body !== undefined) body.attach(DRAIN)
    else this.#continue()
  }

  /** Time for the client to take what waits; cleared when it has. */
  awaitDrain(then: () => void): void {
    this.onDrained = () => {
      this.deadline = this.#body?.consumer === undefined ? Infinity : this.#bodyDeadline()
      then()
    }
    this.deadline = this.context.deadlines.now + this.context.limits.bodyIdleTimeoutMs
  }

  /** The listener stops: closes now when nothing is under way. */
  stop(): void {
    if (this.isIdle) this.close()
  }

  /** Leaves HTTP: from now on bytes go to the splice. */
  splice(splice: Splice): void {
    this.#splice = splice
    this.#phase = 'spliced'
    this.deadline = Infinity
    const early = this.#waiting
    this.#waiting = undefined
    if (early !== undefined) splice.received(early, 0, early.length)
    this.wire.resume()
  }

  bodyWanted(): void {
    const exchange = this.#exchange
    const isWaitedFor =
      exchange?.facts.expectsContinue === true && this.#body?.received === 0 && this.#waiting === undefined
    if (isWaitedFor && this.#body?.text === undefined) this.wire.write('HTTP/1.1 100 Continue\r\n\r\n')
    this.#floor.begin(this.context.deadlines.now)
    this.deadline = this.#bodyDeadline()
    this.#continue()
  }

  resumeBody(): void {
    if (this.#phase !== 'http') return
    this.deadline = this.#bodyDeadline()
    this.#floor.resume(this.context.deadlines.now)
    this.#continue()
  }

  #continue(): void {
    if (this.#isReading) return
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting !== undefined) {
      this.#read(waiting, 0, waiting.length)
      if (this.#waiting === undefined) this.wire.recover()
    }
    if (!this.#isHeldBack()) this.wire.resume()
  }

  #isHeldBack(): boolean {
    if (this.#body !== undefined) return this.#floor.isHeld
    if (this.#exchange === undefined) return this.wire.congested
    return (this.#waiting?.length ?? 0) > AHEAD_BYTES
  }

  #read(bytes: Buffer, start: number, end: number): void {
    this.#isReading = true
    let at = start
    while (at < end && this.#phase === 'http') {
      if (this.#body !== undefined) {
        if (this.#body.consumer === undefined) break
        at = this.#feed(this.#body, bytes, at, end)
      } else if (this.#exchange !== undefined || this.wire.congested) break
      else {
        const next = this.#head(bytes, at, end)
        if (next < 0) break
        at = next
      }
    }
    this.#isReading = false
    if (this.#phase === 'spliced') this.#splice?.received(bytes, at, end)
    else if (at < end && this.#phase === 'http') this.#waiting = this.wire.retain(bytes, at, end)
    if (this.#isHeldBack()) this.wire.pause()
  }

  #feed(body: RequestBodyFlow, bytes: Buffer, start: number, end: number): number {
    const consumer = body.consumer
    const at = body.feed(bytes, start, end)
    const now = this.context.deadlines.now
    if (!body.isUnread || body.failure !== undefined) {
      if (!body.isUnread) this.#body = undefined
      else if (this.#exchange === undefined) this.close()
      this.deadline = this.#exchange === undefined ? now + this.context.limits.keepAliveTimeoutMs : Infinity
      return at
    }
    if (consumer?.progressed() === false) {
      this.#floor.hold(now)
      this.deadline = Infinity
      this.wire.pause()
    } else if (this.#floor.isBroken(body.received, now)) {
      body.fail(new GatewayError('client-body-timeout', { detail: 'the request body came too slowly' }))
    } else this.deadline = this.#bodyDeadline()
    return at
  }

  /** Reads a request head and serves it. Gives the offset behind what it took, or -1 when more bytes are needed. */
  #head(bytes: Buffer, start: number, end: number): number {
    const { context } = this
    if (this.#parser === undefined) this.#parser = context.parsers.take(context.limits, context.settings)
    const parser = this.#parser
    const progress = parser.parse(bytes, start, end)
    if (progress === 'incomplete') {
      if (!this.#hasHeadBegun) this.deadline = context.deadlines.now + context.limits.headTimeoutMs
      this.#hasHeadBegun = true
      return -1
    }
    if (progress === 'refused') {
      this.refuse(parser.refusal ?? { status: 400, reason: 'no legal request' })
      return end
    }
    return this.#request(parser, bytes, start, end)
  }

  #request(parser: RequestHeadParser, bytes: Buffer, start: number, end: number): number {
    const { context } = this
    const framing = requestFraming(parser.facts)
    const size = parser.at + (framing.kind === 'length' ? framing.length : 0)
    const isWhole = framing.kind !== 'chunked' && size <= end - start && size <= WHOLE_BYTES
    const head = parser.take(bytes, start, start + (isWhole ? size : parser.at))
    const facts = readRequest(parser, head, this.#known)
    this.#dropParser()
    if ('reason' in facts) {
      this.refuse(facts)
      return end
    }
    const limits = {
      maxTrailerBytes: context.settings.maxTrailerBytes,
      maxTrailerCount: context.limits.maxHeaderCount,
    }
    const body = new RequestBodyFlow(this, framing, limits, isWhole ? head.text.slice(head.end) : undefined)
    if (!isWhole) this.#body = body
    this.wire.bulk = !isWhole
    this.#served++
    this.deadline = Infinity
    const exchange = (this.#exchange = new OwnExchange(this, facts, head, body, context.deadlines.exact()))
    this.#serve(exchange)
    return start + (isWhole ? size : head.end)
  }

  #serve(exchange: OwnExchange): void {
    const failed = (): void => {
      exchange.settled()
      // Serving must not reject; when it does, the connection ends rather than waits for ever.
      if (this.#exchange === exchange) this.cut()
    }
    try {
      const served = this.context.serve(exchange)
      if (served === undefined) return
      served.then(() => (exchange.answered ? exchange.settled() : failed()), failed)
    } catch {
      failed()
    }
  }

  #canDrain({ body, facts }: OwnExchange): boolean {
    if (!body.isUnread) return body.failure === undefined || body.text !== undefined
    const isCheap = body.failure === undefined && (body.reader?.left ?? 0) <= DRAIN_BYTES
    // Whoever waits for a 100 that never came may send the body or may not: nobody knows where the next request begins.
    return isCheap && !(facts.expectsContinue && body.received === 0 && this.#waiting === undefined)
  }

  #bodyDeadline(): number {
    return this.context.deadlines.now + this.context.limits.bodyIdleTimeoutMs
  }

  #lingering(count: number): void {
    this.#lingered += count
    if (this.#lingered > LINGER_BYTES) this.wire.destroy()
  }

  #dropParser(): void {
    if (this.#parser !== undefined) this.context.parsers.give(this.#parser)
    this.#parser = undefined
    this.#hasHeadBegun = false
  }
}

/** Takes in a body that nobody wants. */
const DRAIN: BodyConsumer = {
  sink: { data: () => undefined },
  progressed: () => true,
  finished: () => undefined,
  failed: () => undefined,
}
