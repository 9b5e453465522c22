import type { FastifyContextConfig, FastifyError } from 'fastify'
import { fieldErrors } from './field-errors.ts'
import { HttpProblem } from './http-problem.ts'
import { bodyError } from './route-config.ts'
import { unavailable } from './unavailable.ts'

/** The text for an address that leads nowhere. */
export const NOT_FOUND = 'There is nothing at this address.'
const GENERIC = 'Something went wrong, please try again later.'

/** Fastify's own refusals: status, our code, message. https://fastify.dev/docs/latest/Reference/Errors/ */
const REFUSALS: Readonly<Record<string, readonly [number, string, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'body-too-large', 'The request body is too large.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'unsupported-media-type', 'Send the body as application/json.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'empty-body', 'The request has no body, though its type is JSON.'],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'malformed-json', 'The request body is not valid JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    400,
    'wrong-content-length',
    'The body is not as long as Content-Length says.',
  ],
  FST_ERR_BAD_URL: [
    400,
    'malformed-path',
    'The path has a percent sign that no two hexadecimal digits follow.',
  ],
  FST_ERR_MAX_PARAM_LENGTH: [414, 'path-too-long', 'A part of the path is too long.'],
  FST_ERR_HANDLER_TIMEOUT: [503, 'timeout', 'The answer took too long, please try again later.'],
}

/** A body of the wrong type or without content is, on a route of the course, a body without the fields it needs. */
const BODYLESS = new Set(['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'FST_ERR_CTP_EMPTY_JSON_BODY'])

/** Turns whatever a route threw into the problem that its client reads; the only place where that is decided. */
export function problemOf(error: FastifyError | HttpProblem, config: FastifyContextConfig): HttpProblem {
  if (error instanceof HttpProblem) return error
  if (error.validation !== undefined)
    return invalid(error.validation, error.validationContext ?? 'body', config)
  const refusal = REFUSALS[error.code ?? '']
  if (refusal !== undefined) {
    const [status, code, message] = refusal
    if (config.invalidMessage === undefined || !BODYLESS.has(error.code))
      return new HttpProblem(status, code, message)
    return new HttpProblem(422, 'invalid-request', config.invalidMessage, { errors: bodyError(message) })
  }
  const status = error.statusCode ?? 500
  if (status >= 400 && status < 500)
    return new HttpProblem(status, 'refused', 'The request cannot be understood.')
  const message = config.failureMessage ?? GENERIC
  return status === 503
    ? unavailable(message, error)
    : new HttpProblem(500, 'failure', message, { cause: error })
}

/** A part of the path that cannot be right names nothing; only a body is told in the contract's own words. */
function invalid(
  findings: NonNullable<FastifyError['validation']>,
  part: string,
  config: FastifyContextConfig,
): HttpProblem {
  if (part === 'params') return new HttpProblem(404, 'not-found', NOT_FOUND)
  const message = (part === 'body' ? config.invalidMessage : undefined) ?? 'The request is not valid.'
  return new HttpProblem(422, 'invalid-request', message, { errors: fieldErrors(findings, part) })
}
