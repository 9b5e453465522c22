import { GatewayError, KeptBody, type RequestBody } from '@postern/exchange'
import { BodyReader } from '../body/body-reader.ts'
import type { BodyConsumer } from '../body/body-consumer.ts'
import type { DataSink, TrailerLimits } from '../body/chunked-decoder.ts'
import type { BodyFraming } from '../body/framing.ts'

/** What the flow needs of its connection. */
export interface BodySource {
  /** Whoever waits for a 100 gets one; bytes that were held back come now. */
  bodyWanted(expectsContinue: boolean): void
  resumeBody(): void
}

/** The body of one request: nobody reads it until somebody asks, and a small one that is at hand is kept as a text. */
export class RequestBodyFlow implements RequestBody, DataSink {
  readonly length: number | undefined
  readonly framing: BodyFraming
  /** The whole body, when it came with its head and is small. Until its first byte has left it may be sent again. */
  readonly text: string | undefined
  replayable = true
  failure: GatewayError | undefined
  received = 0
  consumer: BodyConsumer | undefined
  /** Absent while there is nothing to read: most requests have no body, or one that came with the head. */
  readonly reader: BodyReader | undefined
  #max = Infinity
  #copy: KeptBody | undefined
  readonly #source: BodySource
  readonly #expectsContinue: boolean

  constructor(
    source: BodySource,
    framing: BodyFraming,
    limits: TrailerLimits,
    text: string | undefined,
    expectsContinue: boolean,
  ) {
    this.#source = source
    this.text = text
    this.#expectsContinue = expectsContinue
    this.framing = framing
    this.reader = text === undefined ? new BodyReader(framing, limits) : undefined
    this.length = framing.kind === 'chunked' ? undefined : framing.kind === 'length' ? framing.length : 0
  }

  /** Whether the connection has bytes of this body still to come. */
  get isUnread(): boolean {
    return this.reader !== undefined && !this.reader.done
  }

  limit(maxBytes: number): void {
    this.#max = maxBytes
    if (this.length !== undefined && this.length > maxBytes) this.#tooLarge()
  }

  /** A copy of the body, which grows as the body passes. */
  copy(maxBytes: number): Promise<Uint8Array | undefined> {
    const copy = new KeptBody(maxBytes)
    if (this.text !== undefined) copy.add(Buffer.from(this.text, 'latin1'))
    if (!this.isUnread) copy.finish()
    else if (this.failure !== undefined) copy.giveUp()
    else this.#copy = copy
    return copy.whole
  }

  /** From now on the body flows to this consumer, or fails at once. */
  attach(consumer: BodyConsumer): void {
    if (this.failure !== undefined) return consumer.failed(this.failure)
    this.consumer = consumer
    this.#source.bodyWanted(this.#expectsContinue)
  }

  /** Whoever read is gone; the rest waits for somebody else. */
  detach(): void {
    this.consumer = undefined
  }

  resume(): void {
    this.#source.resumeBody()
  }

  /** Bytes from the connection, only while there is a consumer. Gives the offset behind the body and whether to go on reading. */
  feed(bytes: Buffer, start: number, end: number): number {
    const { reader } = this
    if (reader === undefined) return start
    const at = reader.feed(bytes, start, end, this)
    if (reader.refused !== undefined) this.fail(new GatewayError('bad-request', { detail: reader.refused }))
    if (this.failure === undefined && reader.done) {
      const consumer = this.consumer
      this.consumer = undefined
      this.#copy?.finish()
      consumer?.finished(reader.trailers)
    }
    return at
  }

  data(bytes: Buffer, start: number, end: number): void {
    this.received += end - start
    if (this.received > this.#max) this.#tooLarge()
    if (this.failure !== undefined) return
    this.replayable = false
    this.#copy?.add(bytes.subarray(start, end))
    this.consumer?.sink.data(bytes, start, end)
  }

  fail(error: GatewayError): void {
    if (this.failure !== undefined) return
    this.failure = error
    this.#copy?.giveUp()
    const consumer = this.consumer
    this.consumer = undefined
    consumer?.failed(error)
  }

  #tooLarge(): void {
    this.fail(
      new GatewayError('body-too-large', { detail: `the body is larger than ${String(this.#max)} bytes` }),
    )
  }
}
