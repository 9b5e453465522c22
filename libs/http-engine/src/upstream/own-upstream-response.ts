import { GatewayError, type UpstreamResponse } from '@postern/exchange'
import type { Endpoint } from '@postern/routing-table'
import { BodyReader } from '../body/body-reader.ts'
import type { DataSink, TrailerLimits } from '../body/chunked-decoder.ts'
import type { BodyFraming } from '../body/framing.ts'
import type { MessageHead } from '../head/message-head.ts'
import type { Wire } from '../wire/wire.ts'
import type { Splice } from '../wire/splice.ts'

/** Who takes a response body. */
export interface ResponseConsumer {
  readonly sink: DataSink
  /** A read was handed over. False: hold the upstream back until `OwnUpstreamResponse.resume`. */
  progressed(): boolean
  finished(trailers: MessageHead | undefined): void
  failed(error: GatewayError): void
}

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
  consumer: ResponseConsumer | undefined
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

  attach(consumer: ResponseConsumer): void {
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

class TextCollector implements ResponseConsumer {
  readonly sink: DataSink
  readonly #response: OwnUpstreamResponse
  readonly #resolve: (text: string) => void
  readonly #reject: (error: GatewayError) => void
  readonly #maxBytes: number
  #text = ''

  constructor(
    response: OwnUpstreamResponse,
    maxBytes: number,
    resolve: (text: string) => void,
    reject: (error: GatewayError) => void,
  ) {
    this.#response = response
    this.#maxBytes = maxBytes
    this.#resolve = resolve
    this.#reject = reject
    this.sink = {
      data: (bytes, start, end) => {
        if (this.#text.length <= maxBytes) this.#text += bytes.toString('latin1', start, end)
      },
    }
  }

  progressed(): boolean {
    if (this.#text.length <= this.#maxBytes) return true
    // Said here: whoever drops the body takes this consumer's place.
    this.#reject(tooLong(this.#maxBytes))
    this.#response.source.dropBody(this.#response)
    return true
  }

  finished(): void {
    if (this.#text.length > this.#maxBytes) this.#reject(tooLong(this.#maxBytes))
    else this.#resolve(Buffer.from(this.#text, 'latin1').toString('utf8'))
  }

  failed(error: GatewayError): void {
    this.#reject(error)
  }
}

function within(text: string, maxBytes: number): string {
  if (text.length > maxBytes) throw tooLong(maxBytes)
  return text
}

function tooLong(maxBytes: number): GatewayError {
  return new GatewayError('upstream-bad-response', {
    detail: `the body is longer than ${String(maxBytes)} bytes`,
  })
}
