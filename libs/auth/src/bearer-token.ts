/** What an `Authorization` header holds. */
export type BearerToken =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable' }
  | { readonly kind: 'token'; readonly token: string }

/** Longest token that is looked at; ours are below 1 KiB. */
const LONGEST = 8_192
/** RFC 6750 §2.1 with RFC 7235's token68: exactly one token, the scheme in any case. */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i

/**
 * Reads the token of an `Authorization` header strictly and before any use of it, so that `Basic abc`,
 * `Bearer abc?x=1` and `Bearer %61bc` are not tokens (V40). A token never becomes part of a URL here.
 */
export function readBearerToken(header: string | undefined): BearerToken {
  if (header === undefined || header.trim() === '') return { kind: 'absent' }
  const token = header.length <= LONGEST ? BEARER.exec(header.trim())?.[1] : undefined
  return token === undefined ? { kind: 'unusable' } : { kind: 'token', token }
}
