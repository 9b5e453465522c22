import { GatewayError, type UpstreamResponse } from '@postern/exchange'
import type { Endpoint } from '@postern/routing-table'
import type { BodyConsumer } from '../body/body-consumer.ts'
import { BodyReader } from '../body/body-reader.ts'
import type { TrailerLimits } from '../body/chunked-decoder.ts'
import type { BodyFraming } from '../body/framing.ts'
import type { MessageHead } from '../head/message-head.ts'
import type { Wire } from '../wire/wire.ts'
import type { Splice } from '../wire/splice.ts'
import { TextCollector, within } from './text-collector.ts'

/** What a response needs of its connection. */
export interface ResponseSource {
  readonly wire: Wire
  deadline: number
  /** Closes now: the client has left. */
  abort(): void
  /** Bytes that waited come now; the connection reads on. */
  resumeBody(): void
  /** The body is not wanted: takes a short rest in, or closes. */
  dropBody(response: OwnUpstreamResponse): void
  splice(splice: Splice): void
}

/** What the head of an answer says, read once. */
export interface ResponseFacts {
  readonly status: number
  readonly headers: MessageHead
  readonly endpoint: Endpoint
  readonly framing: BodyFraming
  readonly whole: string | undefined
  readonly lineEnd: number
}

/** The head of an answer, and its body: at hand as a whole, or waiting in the connection until somebody takes it. */
export class OwnUpstreamResponse implements UpstreamResponse {
  readonly status: number
  readonly headers: MessageHead
  readonly endpoint: Endpoint
  readonly upgraded: boolean
  readonly source: ResponseSource
  readonly framing: BodyFraming
  /** The whole body, when it came with its head and is small. */
  readonly whole: string | undefined
  /** Absent when there is nothing more to read. */
  readonly reader: BodyReader | undefined
  /** Offset of the end of the status line in the head's text. */
  readonly lineEnd: number
  consumer: BodyConsumer | undefined
  failure: GatewayError | undefined
  #isTaken = false

  constructor(facts: ResponseFacts, source: ResponseSource, limits: TrailerLimits) {
    this.status = facts.status
    this.headers = facts.headers
    this.endpoint = facts.endpoint
    this.upgraded = facts.status === 101
    this.source = source
    this.framing = facts.framing
    this.whole = facts.whole
    this.reader = facts.whole === undefined ? new BodyReader(facts.framing, limits) : undefined
    this.lineEnd = facts.lineEnd
  }

  /** Whether somebody still has to take or drop the body. */
  get isOpen(): boolean {
    return this.upgraded || (this.reader !== undefined && !this.reader.done)
  }

  /** The body may be taken once. */
  take(): void {
    if (this.#isTaken)
      throw new GatewayError('internal', { detail: 'the response was relayed, read or discarded before' })
    this.#isTaken = true
  }

  attach(consumer: BodyConsumer): void {
    if (this.failure !== undefined) return consumer.failed(this.failure)
    this.consumer = consumer
    this.source.resumeBody()
  }

  resume(): void {
    this.source.resumeBody()
  }

  /** Bytes from the connection, while there is a consumer. Gives the offset behind the body. */
  feed(bytes: Buffer, start: number, end: number): number {
    const { consumer, reader } = this
    if (consumer === undefined || reader === undefined) return start
    const at = reader.feed(bytes, start, end, consumer.sink)
    if (reader.refused !== undefined)
      this.fail(new GatewayError('upstream-bad-response', { detail: reader.refused }))
    else if (reader.done) this.#finish(reader)
    return at
  }

  /** The connection ended; true when that is how this body ends. */
  ended(): boolean {
    const { reader } = this
    if (reader === undefined || reader.done || !reader.ended()) return false
    this.#finish(reader)
    return true
  }

  fail(error: GatewayError): void {
    if (this.failure !== undefined) return
    this.failure = error
    const consumer = this.consumer
    this.consumer = undefined
    consumer?.failed(error)
  }

  async text(maxBytes: number): Promise<string> {
    this.take()
    if (this.whole !== undefined) return Buffer.from(within(this.whole, maxBytes), 'latin1').toString('utf8')
    return new Promise((resolve, reject) => this.attach(new TextCollector(this, maxBytes, resolve, reject)))
  }

  discard(): void {
    if (this.#isTaken) return
    this.#isTaken = true
    if (this.isOpen) this.source.dropBody(this)
  }

  #finish(reader: BodyReader): void {
    const consumer = this.consumer
    this.consumer = undefined
    consumer?.finished(reader.trailers)
  }
}
