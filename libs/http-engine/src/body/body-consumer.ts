import type { GatewayError } from '@postern/exchange'
import type { MessageHead } from '../head/message-head.ts'
import type { DataSink } from './chunked-decoder.ts'

/** Who takes a body: somebody at the other end, a collector of its text, or nobody. */
export interface BodyConsumer {
  readonly sink: DataSink
  /** A read was handed over. False: hold the sender back until the body is resumed. */
  progressed(): boolean
  finished(trailers: MessageHead | undefined): void
  failed(error: GatewayError): void
}

/** Takes in a body that nobody wants. */
export const DROP: BodyConsumer = {
  sink: { data: () => undefined },
  progressed: () => true,
  finished: () => undefined,
  failed: () => undefined,
}
