import { PacedQueue, type GatewayError } from '@postern/exchange'
import type { ResponseRate } from '@postern/routing-table'
import type { DataSink } from '../body/chunked-decoder.ts'
import type { MessageHead } from '../head/message-head.ts'
import type { BodyConsumer } from '../body/body-consumer.ts'

// Up to here pieces are gathered into one write.
const PIECE_BYTES = 4096

/** Stands between an answer and whoever writes it, and lets it pass at a rate. */
export class PacedPump implements BodyConsumer, DataSink {
  readonly #queue: PacedQueue
  readonly #target: BodyConsumer

  /** `askForMore`: the upstream may go on. */
  constructor(rate: ResponseRate, target: BodyConsumer, askForMore: () => void) {
    this.#target = target
    this.#queue = new PacedQueue(rate, { write: (bytes) => this.#write(bytes), emptied: askForMore })
  }

  get sink(): DataSink {
    return this
  }

  /** For a body that is at hand. */
  sendWhole(body: string): void {
    this.#queue.push(Buffer.from(body, 'latin1'))
    this.finished(undefined)
  }

  data(bytes: Buffer, start: number, end: number): void {
    this.#queue.push(bytes.subarray(start, end))
  }

  progressed(): boolean {
    return this.#queue.wantsMore
  }

  finished(trailers: MessageHead | undefined): void {
    this.#queue.end(() => this.#target.finished(trailers))
  }

  failed(error: GatewayError): void {
    this.#queue.stop()
    this.#target.failed(error)
  }

  /** The client takes more again. */
  resume(): void {
    this.#queue.resume()
  }

  stop(): void {
    this.#queue.stop()
  }

  #write({ buffer, byteOffset, length }: Uint8Array): boolean {
    const bytes = Buffer.from(buffer, byteOffset, length)
    for (let at = 0; at < length; at += PIECE_BYTES)
      this.#target.sink.data(bytes, at, Math.min(at + PIECE_BYTES, length))
    return this.#target.progressed()
  }
}
