import type { Principal } from './principal.ts'

/** What every access token says, and what every verifier insists on. */
export const accessTokenRules = {
  algorithm: 'ES256',
  issuer: 'postern-auth',
  audience: 'postern',
  /** Marks the kind of token (RFC 8725 §3.11), so that another token of the same issuer is not taken for one. */
  type: 'at+jwt',
  /** A library that checks a claim's value may still let its absence pass. */
  required: ['iss', 'aud', 'sub', 'exp', 'iat', 'jti'],
  clockToleranceSeconds: 5,
} as const

/** Whom the claims of a verified token speak for; undefined when they name nobody. */
export function principalOf({ sub, email }: Readonly<Record<string, unknown>>): Principal | undefined {
  if (typeof sub !== 'string' || sub === '') return undefined
  return { uid: sub, ...(typeof email === 'string' && { email }) }
}
