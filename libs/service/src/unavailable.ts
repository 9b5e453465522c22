import { HttpProblem } from './http-problem.ts'

/** Seconds after which a client may try again. */
const RETRY_AFTER_S = '5'

/** The answer when something this service needs does not answer: generic for the client, the cause for the log (W8). */
export function unavailable(message: string, cause: unknown): HttpProblem {
  return new HttpProblem(503, 'unavailable', message, { cause, headers: { 'retry-after': RETRY_AFTER_S } })
}
