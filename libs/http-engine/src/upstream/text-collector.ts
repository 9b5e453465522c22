import { GatewayError } from '@postern/exchange'
import type { BodyConsumer } from '../body/body-consumer.ts'
import type { DataSink } from '../body/chunked-decoder.ts'
import type { OwnUpstreamResponse } from './own-upstream-response.ts'

/** Gathers a body as text; one that is longer than allowed is given up. */
export class TextCollector implements BodyConsumer {
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

/** A text that may be taken as a whole. @throws GatewayError `upstream-bad-response` when it is longer. */
export function within(text: string, maxBytes: number): string {
  if (text.length > maxBytes) throw tooLong(maxBytes)
  return text
}

function tooLong(maxBytes: number): GatewayError {
  return new GatewayError('upstream-bad-response', {
    detail: `the body is longer than ${String(maxBytes)} bytes`,
  })
}
