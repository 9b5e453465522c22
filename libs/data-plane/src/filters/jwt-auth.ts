import { createRemoteJWKSet, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose'
import type { JwtAuth } from '@postern/routing-table'
import type { FilterServices, RequestFilter } from '../filter.ts'
import { Refusal } from '../reply.ts'

// A key set is small: nothing is gained by decompressing what came from outside.
const PLAIN = { 'accept-encoding': 'identity' }

/**
 * Verifies a bearer token (RFC 6750) in process and passes chosen claims on as headers. What the client sent under
 * those names is removed first, also when the token is refused later.
 */
export function jwtAuth(auth: JwtAuth, { runtime }: FilterServices): RequestFilter {
  const { jwksUrl } = auth
  if (jwksUrl === undefined)
    return () => new Refusal(503, 'a token is asked for, but no key set is configured')
  // The key set outlives tables: it is fetched when the first token comes, and again when a key is unknown.
  const keys = runtime.get<JWTVerifyGetKey>(`jwks ${jwksUrl}`, () =>
    createRemoteJWKSet(new URL(jwksUrl), { headers: PLAIN }),
  )
  const options = {
    algorithms: [...auth.algorithms],
    clockTolerance: auth.clockSkewS,
    ...(auth.issuer !== undefined && { issuer: auth.issuer }),
    ...(auth.audience !== undefined && { audience: [...auth.audience] }),
  }
  return async ({ exchange }) => {
    for (const [, header] of auth.claimHeaders) exchange.requestEdits.remove(header)
    const token = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(exchange.headers.get('authorization') ?? '')?.[1]
    if (token === undefined) return unauthorized('no bearer token was sent', 'Bearer')
    try {
      const { payload } = await jwtVerify(token, keys, options)
      for (const [claim, header] of auth.claimHeaders) {
        const value = claimText(payload, claim)
        if (value !== undefined) exchange.requestEdits.set(header, value)
      }
      return undefined
    } catch (error) {
      return unauthorized(
        error instanceof Error ? error.message : String(error),
        'Bearer error="invalid_token"',
      )
    }
  }
}

function unauthorized(reason: string, challenge: string): Refusal {
  return new Refusal(401, reason, [['WWW-Authenticate', challenge]])
}

// A claim is attacker-chosen text as far as headers go: anything that could end a line is taken out.
function claimText(payload: JWTPayload, claim: string): string | undefined {
  const value = payload[claim]
  if (value === undefined || value === null) return undefined
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.replace(/[\u0000-\u001f\u007f]/g, '')
}
