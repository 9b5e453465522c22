/** How long a body is, decided once from the head (RFC 9112 §6.3) and never asked again. */
export type BodyFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  /** A response that ends with its connection. */
  | { readonly kind: 'close' }

export const NO_BODY: BodyFraming = { kind: 'none' }
export const CHUNKED: BodyFraming = { kind: 'chunked' }
export const UNTIL_CLOSE: BodyFraming = { kind: 'close' }

interface LengthFacts {
  readonly chunked: boolean
  readonly contentLength: number
}

export function requestFraming(facts: LengthFacts): BodyFraming {
  if (facts.chunked) return CHUNKED
  return facts.contentLength > 0 ? { kind: 'length', length: facts.contentLength } : NO_BODY
}

/** `method` is the one that was sent upstream: an answer to HEAD has no body whatever its fields say. */
export function responseFraming(facts: LengthFacts, status: number, method: string): BodyFraming {
  if (method === 'HEAD' || status === 204 || status === 304 || status < 200) return NO_BODY
  if (facts.chunked) return CHUNKED
  if (facts.contentLength < 0) return UNTIL_CLOSE
  return facts.contentLength > 0 ? { kind: 'length', length: facts.contentLength } : NO_BODY
}
