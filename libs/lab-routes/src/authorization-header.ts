/** A user name and password as they came in an `Authorization: Basic` header. */
export interface BasicCredentials {
  readonly username: string
  readonly password: string
}

// RFC 9110 §11.4: scheme (any case), one or more spaces, one token68.
const AUTHORIZATION = /^([A-Za-z]+) +([A-Za-z0-9\-._~+/]+=*)$/

/** The credentials of a Basic header (RFC 7617, UTF-8), or undefined when it is absent, of another scheme or malformed. */
export function readBasicCredentials(header: string | undefined): BasicCredentials | undefined {
  const encoded = token68(header, 'basic')
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  // RFC 7617 §2: the user name has no colon, the password may.
  return colon === -1 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) }
}

/** The token of a Bearer header (RFC 6750 §2.1), or undefined when it is absent, of another scheme or malformed. */
export function readBearerToken(header: string | undefined): string | undefined {
  return token68(header, 'bearer')
}

function token68(header: string | undefined, scheme: string): string | undefined {
  const match = AUTHORIZATION.exec(header?.trim() ?? '')
  return match?.[1]?.toLowerCase() === scheme ? match[2] : undefined
}
