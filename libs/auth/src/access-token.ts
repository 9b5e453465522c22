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

/** A private claim (RFC 7519 §4.3), as `iat` in seconds cannot say whether a token came before or after an end of its account. */
export const ISSUED_AT_MS = 'iat_ms'

/** When a token was made; one from before there was the claim, or with one that is no number, is as old as its second. */
export function issuedAtMs({ [ISSUED_AT_MS]: exact, iat }: Readonly<Record<string, unknown>>): number {
  return typeof exact === 'number' ? exact : Number(iat) * 1000
}

/** Whom the claims of a verified token speak for; undefined when they name nobody. */
export function principalOf({ sub, email }: Readonly<Record<string, unknown>>): Principal | undefined {
  if (typeof sub !== 'string' || sub === '') return undefined
  return { uid: sub, ...(typeof email === 'string' && { email }) }
}
