import { GatewayError } from '@postern/exchange'
import { DROP } from '../body/body-consumer.ts'
import { requestFraming } from '../body/framing.ts'
import type { MessageHead } from '../head/message-head.ts'
import type { Refusal } from '../head/refusal.ts'
import type { RequestHeadParser } from '../head/request-head-parser.ts'
import type { Wire } from '../wire/wire.ts'
import { BodyFloor } from './body-floor.ts'
import type { ClientContext } from './client-context.ts'
import { readRequest } from './read-request.ts'
import { RequestBodyFlow, type BodySource } from './request-body.ts'
import type { RequestFacts } from './request-facts.ts'

/** The connection whose bytes are read. */
export interface RequestReader {
  readonly wire: Wire
  readonly context: ClientContext
  deadline: number
  /** Requests may be read at all; false once the connection closes or has left HTTP. */
  readonly isOpen: boolean
  /** A request is being answered: the next one waits. */
  readonly isServing: boolean
  serve(facts: RequestFacts, head: MessageHead, body: RequestBodyFlow): void
  refuse(refusal: Refusal): void
  close(): void
  /** Bytes that came behind the end of HTTP. */
  receivedRest(bytes: Buffer, start: number, end: number): void
}

/** A whole small message is handled as one text. */
export const WHOLE_BYTES = 16 * 1024
// Requests that were sent ahead are kept up to here; then the client is held back.
const AHEAD_BYTES = 16 * 1024

/** Reads requests, one after the other, and their bodies out of the bytes of a connection. */
export class RequestStream implements BodySource {
  readonly #reader: RequestReader
  readonly #floor: BodyFloor
  #parser: RequestHeadParser | undefined
  /** Bytes that wait: of an unfinished head, of requests sent ahead, or of a body that nobody wants yet. */
  #waiting: Buffer | undefined
  /** The body that is under way. */
  #body: RequestBodyFlow | undefined
  #isReading = false
  #hasHeadBegun = false

  constructor(reader: RequestReader) {
    this.#reader = reader
    this.#floor = new BodyFloor(reader.context.settings.minBodyBytesPerSecond)
  }

  get hasWaiting(): boolean {
    return this.#waiting !== undefined
  }

  get body(): RequestBodyFlow | undefined {
    return this.#body
  }

  /** So much was sent ahead that nothing is read: nobody would notice if the client left. */
  get isFarAhead(): boolean {
    return this.#body === undefined && (this.#waiting?.length ?? 0) > AHEAD_BYTES
  }

  /** When the client has to have sent more of the body under way. */
  get bodyDeadline(): number {
    return this.#body?.consumer === undefined ? Infinity : this.#idleDeadline
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
    // As a rule a body is asked for before the next read; this read found nobody.
    if (this.#body !== undefined && this.#body.consumer === undefined) this.#reader.wire.pause()
  }

  /** Goes on with what waits, and reads on unless something holds the client back. */
  proceed(): void {
    if (this.#isReading || !this.#reader.isOpen) return
    const waiting = this.takeWaiting()
    if (waiting !== undefined) {
      this.#read(waiting, 0, waiting.length)
      if (this.#waiting === undefined) this.#reader.wire.memory.recover()
    }
    if (!this.#isHeldBack()) this.#reader.wire.resume()
  }

  takeWaiting(): Buffer | undefined {
    const waiting = this.#waiting
    this.#waiting = undefined
    return waiting
  }

  bodyWanted(expectsContinue: boolean): void {
    const isWaitedFor = expectsContinue && this.#body?.received === 0 && this.#waiting === undefined
    if (isWaitedFor) this.#reader.wire.write('HTTP/1.1 100 Continue\r\n\r\n')
    this.#floor.begin(this.#reader.context.deadlines.now)
    this.#reader.deadline = this.bodyDeadline
    this.proceed()
  }

  resumeBody(): void {
    if (!this.#reader.isOpen) return
    this.#floor.resume(this.#reader.context.deadlines.now)
    this.#reader.deadline = this.bodyDeadline
    this.proceed()
  }

  /** Takes in the body under way for nobody. */
  drain(): void {
    this.#body?.attach(DROP)
  }

  /** The connection is gone. */
  closed(): void {
    this.#waiting = undefined
    this.#dropParser()
    this.#body?.fail(new GatewayError('client-gone'))
  }

  get #idleDeadline(): number {
    const { deadlines, limits } = this.#reader.context
    return deadlines.now + limits.bodyIdleTimeoutMs
  }

  #isHeldBack(): boolean {
    if (this.#body !== undefined) return this.#floor.isHeld
    if (!this.#reader.isServing) return this.#reader.wire.congested
    return this.isFarAhead
  }

  #read(bytes: Buffer, start: number, end: number): void {
    const reader = this.#reader
    this.#isReading = true
    let at = start
    while (at < end && reader.isOpen) {
      if (this.#body !== undefined) {
        if (this.#body.consumer === undefined) break
        at = this.#feed(this.#body, bytes, at, end)
      } else if (reader.isServing || reader.wire.congested) break
      else {
        const next = this.#head(bytes, at, end)
        if (next < 0) break
        at = next
      }
    }
    this.#isReading = false
    if (at < end) {
      if (reader.isOpen) this.#waiting = reader.wire.memory.retain(bytes, at, end)
      else reader.receivedRest(bytes, at, end)
    }
    if (!this.#isHeldBack()) return
    reader.wire.pause()
    if (reader.isServing && this.isFarAhead) reader.deadline = this.#idleDeadline
  }

  #feed(body: RequestBodyFlow, bytes: Buffer, start: number, end: number): number {
    const reader = this.#reader
    const { deadlines, limits } = reader.context
    const consumer = body.consumer
    const at = body.feed(bytes, start, end)
    if (!body.isUnread || body.failure !== undefined) {
      if (!body.isUnread) this.#body = undefined
      else if (!reader.isServing) reader.close()
      reader.deadline = reader.isServing ? Infinity : deadlines.now + limits.keepAliveTimeoutMs
    } else if (consumer?.progressed() === false) {
      this.#floor.hold(deadlines.now)
      reader.deadline = Infinity
      reader.wire.pause()
    } else if (this.#floor.isBroken(body.received, deadlines.now)) {
      body.fail(new GatewayError('client-body-timeout', { detail: 'the request body came too slowly' }))
    } else reader.deadline = this.bodyDeadline
    return at
  }

  /** Reads a request head and has it served. Gives the offset behind what it took, or -1 when more bytes are needed. */
  #head(bytes: Buffer, start: number, end: number): number {
    const { context } = this.#reader
    this.#parser ??= context.parsers.take(context.limits, context.settings)
    const progress = this.#parser.parse(bytes, start, end)
    if (progress === 'complete') return this.#request(this.#parser, bytes, start, end)
    if (progress === 'refused') {
      this.#reader.refuse(this.#parser.refusal ?? { status: 400, reason: 'no legal request' })
      return end
    }
    if (!this.#hasHeadBegun) this.#reader.deadline = context.deadlines.now + context.limits.headTimeoutMs
    this.#hasHeadBegun = true
    return -1
  }

  #request(parser: RequestHeadParser, bytes: Buffer, start: number, end: number): number {
    const reader = this.#reader
    const framing = requestFraming(parser.facts)
    const size = parser.at + (framing.kind === 'length' ? framing.length : 0)
    const isWhole = framing.kind !== 'chunked' && size <= end - start && size <= WHOLE_BYTES
    const head = parser.take(bytes, start, start + (isWhole ? size : parser.at))
    const facts = readRequest(parser, head, reader.context.hosts)
    this.#dropParser()
    if ('reason' in facts) {
      reader.refuse(facts)
      return end
    }
    const text = isWhole ? head.text.slice(head.end) : undefined
    const body = new RequestBodyFlow(this, framing, reader.context.trailerLimits, text, facts.expectsContinue)
    if (!isWhole) this.#body = body
    reader.wire.memory.bulk = !isWhole
    reader.deadline = Infinity
    reader.serve(facts, head, body)
    return start + (isWhole ? size : head.end)
  }

  #dropParser(): void {
    if (this.#parser !== undefined) this.#reader.context.parsers.give(this.#parser)
    this.#parser = undefined
    this.#hasHeadBegun = false
  }
}
