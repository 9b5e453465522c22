import { errors, jwtVerify, SignJWT } from 'jose'

const ISSUER = 'auth.service'
const LIFETIME_SECONDS = 72 * 60 * 60

/** Who a lab token speaks for. */
export interface LabPrincipal {
  readonly username: string
  readonly email: string
}

/**
 * Signs the lab's token: HS256, `iss` auth.service, `exp` 72 hours after `iat`, `email` and `sub`, as the lab's
 * original issues it. `secret` is used as UTF-8 bytes; `now` is milliseconds since the epoch.
 */
export async function issueLabToken(
  principal: LabPrincipal,
  secret: string,
  now = Date.now(),
): Promise<string> {
  const issuedAt = Math.floor(now / 1000)
  return new SignJWT({ email: principal.email })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(ISSUER)
    .setSubject(principal.username)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFETIME_SECONDS)
    .sign(keyOf(secret))
}

/**
 * Gives the principal of a token made with the same secret, or undefined when it is forged, expired, of another issuer or not a token.
 * The algorithm is pinned, so that a token cannot choose how it is checked (RFC 8725 §3.1), and issuer and
 * verifier share one key: the original ignored its `-secret` flag here.
 */
export async function verifyLabToken(
  token: string,
  secret: string,
  now = Date.now(),
): Promise<LabPrincipal | undefined> {
  try {
    const { payload } = await jwtVerify(token, keyOf(secret), {
      algorithms: ['HS256'],
      issuer: ISSUER,
      requiredClaims: ['exp', 'sub'],
      currentDate: new Date(now),
    })
    return { username: payload.sub ?? '', email: textOf(payload['email']) }
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}

function keyOf(secret: string): Uint8Array {
  return new TextEncoder().encode(secret)
}

function textOf(claim: unknown): string {
  return typeof claim === 'string' ? claim : ''
}
