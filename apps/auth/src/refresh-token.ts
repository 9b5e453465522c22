import { createHash, randomBytes } from 'node:crypto'

/** A refresh token in its parts. */
export interface RefreshToken {
  /** The session that it belongs to. */
  readonly id: string
  readonly token: string
  /** What is stored of its secret. */
  readonly digest: string
}

const TOKEN = /^([0-9a-f-]{36})\.([\w-]{43})$/

/** Makes a new token for a session. */
export function newRefreshToken(id: string): RefreshToken {
  const secret = randomBytes(32).toString('base64url')
  return { id, token: `${id}.${secret}`, digest: digestOf(secret) }
}

/** Undefined for what was never one of ours. */
export function parseRefreshToken(token: string): RefreshToken | undefined {
  const [, id, secret] = TOKEN.exec(token) ?? []
  return id === undefined || secret === undefined ? undefined : { id, token, digest: digestOf(secret) }
}

/** The secret has 256 bits of chance, so a plain digest is enough. */
function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}
