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

/** The session that a token was issued for, as OpenID Connect names it; a token without one ends with its account only. */
export const SESSION_ID = 'sid'

/** What a verified token says. */
export interface VerifiedAccess {
  readonly principal: Principal
  /** In milliseconds since 1970. */
  readonly issuedAtMs: number
  readonly sessionId?: string
}

type Claims = Readonly<Record<string, unknown>>

/** What the claims of a verified token say; undefined when they name nobody. */
export function accessOf(claims: Claims): VerifiedAccess | undefined {
  const { sub, email, [SESSION_ID]: sessionId } = claims
  if (typeof sub !== 'string' || sub === '') return undefined
  return {
    principal: { uid: sub, ...(typeof email === 'string' && { email }) },
    issuedAtMs: issuedAtMs(claims),
    ...(typeof sessionId === 'string' && { sessionId }),
  }
}

/** A token from before there was the claim, or with one that is no number, is as old as its second. */
function issuedAtMs({ [ISSUED_AT_MS]: exact, iat }: Claims): number {
  return typeof exact === 'number' ? exact : Number(iat) * 1000
}
