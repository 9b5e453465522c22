import { createTokenVerifier, KeySetError, type Principal, type TokenEnds } from '@postern/auth'
import { createAuthenticate } from '@postern/auth/fastify'
import { messages } from '@postern/contracts'
import { HttpProblem, unavailable } from '@postern/service'
import type { FastifyRequest } from 'fastify'
import type { UsersSettings } from './settings.ts'

/** Makes the guard of `/me`: signed tokens only, by auth's key set; 503 when the keys cannot be had. */
export function createGuard(
  auth: UsersSettings['auth'],
  ends: TokenEnds,
): (request: FastifyRequest) => Promise<Principal> {
  const keySetUrl = `${auth.origin}/.well-known/jwks.json`
  const verifySigned = createTokenVerifier({ keySetUrl, timeoutMs: auth.deadlineMs, ends })
  return createAuthenticate({
    verify: (token) =>
      verifySigned(token).catch((error: unknown) => {
        throw error instanceof KeySetError ? unavailable(messages.unavailable, error) : error
      }),
    refuse: (reason) => {
      const headers = { 'www-authenticate': reason === 'absent' ? 'Bearer' : 'Bearer error="invalid_token"' }
      return reason === 'absent'
        ? new HttpProblem(401, 'no-token', messages.tokenMissing, { headers })
        : new HttpProblem(401, 'invalid-token', messages.tokenNotVerified, { headers })
    },
  })
}
