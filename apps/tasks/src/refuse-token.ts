import { messages } from '@postern/contracts'
import { HttpProblem } from '@postern/service'
import type { FastifyRequest } from 'fastify'

/** The contract's answers for a token that is not there or not valid: reading says which, writing does not (0.1). */
export function refuseToken(reason: 'absent' | 'invalid', { method }: FastifyRequest): HttpProblem {
  const headers = { 'www-authenticate': reason === 'absent' ? 'Bearer' : 'Bearer error="invalid_token"' }
  const reading = method === 'GET' || method === 'HEAD'
  if (reason === 'absent' && reading)
    return new HttpProblem(401, 'no-token', messages.tokenMissing, { headers })
  return new HttpProblem(401, 'invalid-token', messages.tokenNotVerified, { headers })
}
