/** An answer that the gateway gives itself. Early answers are values: a filter that returns one ends the road. */
export interface Reply {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

/**
 * A failure on the way, for the one place that turns failures into replies, logs and retry decisions.
 * `code` is stable; `blame` says who is at fault; `retrySafe` whether no byte of the request can have been acted upon.
 */
export class GatewayError extends Error {
  readonly code: GatewayErrorCode
  readonly blame: 'client' | 'gateway' | 'upstream'
  readonly retrySafe: boolean

  constructor(
    code: GatewayErrorCode,
    options: { readonly retrySafe?: boolean; readonly detail?: string; readonly cause?: unknown } = {},
  ) {
    super(options.detail ?? code, options.cause === undefined ? {} : { cause: options.cause })
    this.name = 'GatewayError'
    this.code = code
    this.blame = BLAME[code]
    this.retrySafe = options.retrySafe ?? false
  }
}

export type GatewayErrorCode =
  | 'no-endpoints'
  | 'connect-refused'
  | 'connect-timeout'
  | 'connect-failed'
  | 'upstream-tls'
  | 'upstream-reset'
  | 'upstream-read-timeout'
  | 'upstream-send-timeout'
  | 'upstream-bad-response'
  | 'upstream-head-too-large'
  | 'client-gone'
  | 'client-body-timeout'
  | 'bad-request'
  | 'body-too-large'
  | 'overloaded'
  | 'internal'

const BLAME: Record<GatewayErrorCode, 'client' | 'gateway' | 'upstream'> = {
  'no-endpoints': 'upstream',
  'connect-refused': 'upstream',
  'connect-timeout': 'upstream',
  'connect-failed': 'upstream',
  'upstream-tls': 'upstream',
  'upstream-reset': 'upstream',
  'upstream-read-timeout': 'upstream',
  'upstream-send-timeout': 'upstream',
  'upstream-bad-response': 'upstream',
  'upstream-head-too-large': 'upstream',
  'client-gone': 'client',
  'client-body-timeout': 'client',
  'bad-request': 'client',
  'body-too-large': 'client',
  overloaded: 'gateway',
  internal: 'gateway',
}
