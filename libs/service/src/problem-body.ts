import { STATUS_CODES } from 'node:http'
import type { HttpProblem } from './http-problem.ts'

/** The body of every error answer: the contract's `message` first, then the members of RFC 9457 §3.1 and the request's id. */
export interface ProblemBody {
  readonly message: string
  readonly type: 'about:blank'
  readonly title: string
  readonly status: number
  readonly code: string
  readonly requestId: string
  readonly errors?: HttpProblem['errors']
}

/** Writes a problem as the body of its answer. */
export function problemBody(problem: HttpProblem, requestId: string): ProblemBody {
  return {
    message: problem.message,
    type: 'about:blank',
    title: STATUS_CODES[problem.statusCode] ?? 'Error',
    status: problem.statusCode,
    code: problem.code,
    requestId,
    ...(problem.errors !== undefined && { errors: problem.errors }),
  }
}
