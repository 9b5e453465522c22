import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto'

/** The public half of a signing key as a JSON Web Key (RFC 7517), as the JWKS publishes it. */
export interface PublicJwk {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
  readonly kid: string
  readonly use: 'sig'
  readonly alg: 'ES256'
}

/** One ES256 key pair. */
export interface SigningKey {
  /** The thumbprint of the public key (RFC 7638): the same key has the same id everywhere. */
  readonly kid: string
  readonly createdAt: Date
  readonly privatePem: string
  readonly publicPem: string
  readonly jwk: PublicJwk
}

/** Makes a new key pair. */
export function generateSigningKey(now: Date): SigningKey {
  return signingKeyOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, now)
}

/**
 * Reads a private key in PEM.
 *
 * @throws Error when it is not an EC key on P-256, the only one that ES256 takes (RFC 7518 §3.4).
 */
export function parseSigningKey(pem: string, createdAt: Date): SigningKey {
  const key = createPrivateKey(pem)
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new Error('expected an EC private key on the curve P-256')
  }
  return signingKeyOf(key, createdAt)
}

function signingKeyOf(key: KeyObject, createdAt: Date): SigningKey {
  const publicKey = createPublicKey(key)
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const kid = thumbprint(x, y)
  return {
    kid,
    createdAt,
    privatePem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    jwk: { kty: 'EC', crv: 'P-256', x, y, kid, use: 'sig', alg: 'ES256' },
  }
}

/** RFC 7638 §3: SHA-256 over the required members, in this order, without blanks. */
function thumbprint(x: string, y: string): string {
  return createHash('sha256')
    .update(JSON.stringify({ crv: 'P-256', kty: 'EC', x, y }))
    .digest('base64url')
}
