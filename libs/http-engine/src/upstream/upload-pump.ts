import type { GatewayError } from '@postern/exchange'
import { BodyWriter } from '../body/body-writer.ts'
import type { BodyConsumer } from '../body/body-consumer.ts'
import type { MessageHead } from '../head/message-head.ts'
import { passedTrailers } from '../head/passed-fields.ts'
import type { Wire } from '../wire/wire.ts'
import type { Attempt } from './attempt.ts'

/** The connection that takes an upload. */
export interface UploadTarget {
  readonly wire: Wire
  /** The upstream does not take more at the moment: watch the send timeout, and call when it does. */
  uploadHeldBack(then: () => void): void
  uploadFinished(): void
  uploadFailed(attempt: Attempt, error: GatewayError): void
}

/** Carries a request body from the client's connection to the upstream's, framed anew. */
export class UploadPump implements BodyConsumer {
  readonly sink: BodyWriter
  readonly #attempt: Attempt
  readonly #target: UploadTarget

  constructor(attempt: Attempt, target: UploadTarget, head: string) {
    this.#attempt = attempt
    this.#target = target
    const framing = attempt.exchange.body.framing.kind === 'chunked' ? 'chunked' : 'length'
    this.sink = new BodyWriter(target.wire, attempt.exchange.client.wire, framing, head)
  }

  progressed(): boolean {
    this.sink.flush()
    if (!this.#target.wire.congested) return true
    this.#target.uploadHeldBack(() => this.#attempt.exchange.body.resume())
    return false
  }

  finished(trailers: MessageHead | undefined): void {
    this.sink.finish(passedTrailers(trailers, this.#attempt.exchange.madeRequestEdits))
    this.#target.uploadFinished()
  }

  failed(error: GatewayError): void {
    this.#target.uploadFailed(this.#attempt, error)
  }
}
