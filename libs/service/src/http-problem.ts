/** One field of a request that cannot be used: where it is and what was expected. */
export interface FieldError {
  /** `body.email`, `query.limit`, `headers.authorization`. */
  readonly field: string
  readonly message: string
}

/** What a problem tells besides its status, code and message. */
export interface ProblemDetails {
  readonly errors?: readonly FieldError[]
  /** Response headers, for example `retry-after` (seconds) or `allow`. */
  readonly headers?: Readonly<Record<string, string>>
  /** What went wrong inside; logged, never sent. */
  readonly cause?: unknown
}

/**
 * A refusal with a status and a message for the client; a handler throws it, and {@link problemBody} makes
 * its answer. `code` is stable and meant for programs, `message` is the contract's text, meant for people.
 */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly statusCode: number
  readonly code: string
  readonly errors: readonly FieldError[] | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(statusCode: number, code: string, message: string, details: ProblemDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause })
    this.statusCode = statusCode
    this.code = code
    this.errors = details.errors
    this.headers = details.headers ?? {}
  }
}
