import { GatewayError, type GatewayErrorCode } from '@postern/exchange'
import { Refusal } from '../reply.ts'

const STATUS: Readonly<Record<GatewayErrorCode, number>> = {
  'no-endpoints': 503,
  'connect-refused': 502,
  'connect-timeout': 504,
  'connect-failed': 502,
  'upstream-tls': 502,
  'upstream-reset': 502,
  'upstream-read-timeout': 504,
  'upstream-send-timeout': 504,
  'upstream-bad-response': 502,
  'upstream-head-too-large': 502,
  // nginx's own number for a client that left; it appears in logs only.
  'client-gone': 499,
  'client-body-timeout': 408,
  'bad-request': 400,
  'body-too-large': 413,
  overloaded: 503,
  internal: 500,
}

/** The only place where failures become answers. The reason is for the log; the client learns the status. */
export function replyFor(error: unknown): Refusal {
  if (error instanceof GatewayError) {
    const reason = error.message === error.code ? error.code : `${error.code}: ${error.message}`
    return new Refusal(STATUS[error.code], reason)
  }
  return new Refusal(500, `internal: ${error instanceof Error ? error.message : String(error)}`)
}
