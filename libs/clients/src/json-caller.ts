import { errors, Pool } from 'undici'
import { createBreaker } from './breaker.ts'
import { CallError, type CallFailure } from './call-error.ts'

/** Where the calls of one service go, and how long one may take. */
export interface CallerOptions {
  /** The called service's name, for messages. */
  readonly service: string
  /** For example `http://auth:80`. */
  readonly origin: string
  /** For one call, everything included: connecting, waiting for a connection, the answer's body, a repetition. */
  readonly deadlineMs: number
  /** Shown as bearer token on every call that carries no token of its own. */
  readonly secret?: string | undefined
}

/** What a call passes on from the request that caused it. */
export interface CallContext {
  readonly requestId?: string
  /** W3C Trace Context. */
  readonly traceparent?: string
}

/** A status and a parsed JSON body. */
export interface JsonAnswer {
  readonly status: number
  readonly body: unknown
}

/** One request. */
export interface JsonCall {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: object
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string
}

/** Calls one service over HTTP with JSON bodies. */
export interface JsonCaller {
  /** A `repeatable` request does no harm twice: when its connection breaks it is tried once more within the deadline. */
  send(call: JsonCall, context: CallContext, tries: 'once' | 'repeatable'): Promise<JsonAnswer>
  close(): Promise<void>
}

const CONNECTIONS = 64
/** Short, because a service that restarts is back within seconds. */
const BREAKER = { failures: 5, openMs: 1_000 }
const LONGEST_ANSWER_BYTES = 1_048_576

/** Makes a caller with a pool of kept-alive connections. Every failure is a {@link CallError}. */
export function createJsonCaller({ service, origin, deadlineMs, secret }: CallerOptions): JsonCaller {
  const pool = new Pool(origin, {
    connections: CONNECTIONS,
    connect: { timeout: deadlineMs },
    headersTimeout: deadlineMs,
    bodyTimeout: deadlineMs,
    maxResponseSize: LONGEST_ANSWER_BYTES,
  })
  const breaker = createBreaker(BREAKER)
  const once = async (call: JsonCall, context: CallContext, signal: AbortSignal): Promise<JsonAnswer> => {
    const { method, path, body } = call
    const headers = {
      accept: 'application/json',
      ...callHeaders({ token: secret, ...call }),
      ...contextHeaders(context),
    }
    const content = body === undefined ? {} : { body: JSON.stringify(body) }
    const answer = await pool.request({ method, path, headers, signal, ...content })
    return { status: answer.statusCode, body: parse(await answer.body.text()) }
  }
  return {
    send: async (call, context, tries) => {
      if (!breaker.allows())
        throw new CallError(service, 'unreachable', new Error('left alone after failures in a row'))
      const signal = AbortSignal.timeout(deadlineMs)
      try {
        const answer = await once(call, context, signal).catch((error: unknown) => {
          if (tries === 'once' || !isBrokenConnection(error)) throw error
          return once(call, context, signal)
        })
        breaker.succeeded()
        return answer
      } catch (error) {
        breaker.failed()
        throw new CallError(service, signal.aborted ? 'timeout' : failureOf(error), error)
      }
    },
    close: () => pool.close(),
  }
}

function callHeaders({
  body,
  token,
}: Pick<JsonCall, 'body'> & { readonly token?: string | undefined }): Record<string, string> {
  return {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
}

function contextHeaders({ requestId, traceparent }: CallContext): Record<string, string> {
  return {
    ...(requestId !== undefined && { 'x-request-id': requestId }),
    ...(traceparent !== undefined && { traceparent }),
  }
}

function parse(text: string): unknown {
  return text === '' ? undefined : JSON.parse(text)
}

/** A kept-alive connection that the other side closed just now, as a restarted service does. */
function isBrokenConnection(error: unknown): boolean {
  return error instanceof errors.SocketError || codeOf(error) === 'ECONNRESET' || codeOf(error) === 'EPIPE'
}

function failureOf(error: unknown): CallFailure {
  if (error instanceof SyntaxError || error instanceof errors.ResponseExceededMaxSizeError)
    return 'bad-answer'
  if (error instanceof errors.HTTPParserError) return 'bad-answer'
  const slow = error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError
  return slow || error instanceof errors.ConnectTimeoutError ? 'timeout' : 'unreachable'
}

function codeOf(error: unknown): unknown {
  return (error as Partial<NodeJS.ErrnoException> | undefined)?.code
}
