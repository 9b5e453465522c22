import { errors, jwtVerify } from 'jose'
import { accessOf, accessTokenRules as rules } from './access-token.ts'
import { followKeySet } from './key-set.ts'
import type { Principal } from './principal.ts'
import type { TokenEnds } from './token-ends.ts'

/** How a service that issues no tokens verifies them. */
export interface TokenVerifierOptions {
  /** The issuer's key set, for example `http://auth:80/.well-known/jwks.json`. A token never chooses it (RFC 8725 §3.10). */
  readonly keySetUrl: string
  /** How long fetching the key set may take. */
  readonly timeoutMs: number
  /** Which tokens are over before they expire; without it they live until then. */
  readonly ends?: TokenEnds
  readonly clock?: () => Date
}

/** The key set cannot be fetched, so nothing is known about the token. */
export class KeySetError extends Error {
  override readonly name = 'KeySetError'
}

/**
 * Makes a verifier of access tokens by the issuer's public keys (ES256 only, RFC 8725 §3.1); with keys at hand it works
 * while the issuer is down. It gives undefined for a token that is not valid, and throws {@link KeySetError} without keys.
 */
export function createTokenVerifier(
  options: TokenVerifierOptions,
): (token: string) => Promise<Principal | undefined> {
  const { keySetUrl: url, timeoutMs, clock } = options
  const nowMs = clock && (() => clock().getTime())
  const keys = followKeySet({ url, timeoutMs, ...(nowMs !== undefined && { nowMs }) })
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: [rules.algorithm],
        issuer: rules.issuer,
        audience: rules.audience,
        typ: rules.type,
        requiredClaims: [...rules.required],
        clockTolerance: rules.clockToleranceSeconds,
        ...(clock !== undefined && { currentDate: clock() }),
      })
      const access = accessOf(payload)
      const over = access !== undefined && options.ends?.isOver(access)
      return over === true ? undefined : access?.principal
    } catch (error) {
      if (isVerdict(error)) return undefined
      throw new KeySetError('the key set cannot be fetched', { cause: error })
    }
  }
}

/** Everything jose says about the token itself; what it says about the key set or the network is not a verdict. */
function isVerdict(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false
  const aboutKeySet = error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid
  // A key set that was answered with an error status is a plain JOSEError.
  return !aboutKeySet && error.code !== errors.JOSEError.code
}
