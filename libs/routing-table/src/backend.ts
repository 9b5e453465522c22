import type { Brand, ObjectRef } from './brand.ts'

/** `namespace/service/port`: the identity under which pools, health and counters outlive a table. */
export type BackendId = Brand<string, 'BackendId'>

export interface Backend {
  readonly id: BackendId
  /** Ready endpoints only, sorted by address and port. Empty means 503 (or the route's `whenEmpty`). */
  readonly endpoints: readonly Endpoint[]
  readonly balance: Balance
  readonly affinity?: CookieAffinity
  /** Set when addresses come from DNS at run time: ExternalName, `--service-dns`. `endpoints` is then empty. */
  readonly dns?: { readonly name: string; readonly port: number }
  readonly origin: ObjectRef
}

export interface Endpoint {
  readonly address: string
  readonly port: number
  /** The Pod behind it, when the EndpointSlice names one. */
  readonly pod?: string
}

export type Balance =
  | { readonly kind: 'round-robin' }
  /** Peak-EWMA of latency, as `load-balance: ewma`. */
  | { readonly kind: 'ewma' }
  /** Consistent hash of a key; `subset` > 0 spreads each key over that many endpoints. */
  | { readonly kind: 'hash'; readonly key: readonly TemplatePart[]; readonly subset: number }

/** A text with holes, parsed once: `"$host$request_uri"` is two variables. Never evaluated as code. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: TemplateVariable }

/** The nginx variables that are supported in values; `arg_x`, `cookie_x` and `http_x` carry a name. */
export type TemplateVariable =
  | 'host'
  | 'http_host'
  | 'request_uri'
  | 'uri'
  | 'scheme'
  | 'remote_addr'
  | 'request_method'
  | 'args'
  | 'request_id'
  /** `?` when the request has a query, else empty. */
  | 'is_args'
  /** `request_uri`, escaped as one query value (RFC 3986 §2.1): what `auth-signin: …?rd=$escaped_request_uri` needs. */
  | 'escaped_request_uri'
  /** `:8443` when the client's Host header names a port, else empty: for redirects to a neighbour on the same listener. */
  | 'port_suffix'
  | `arg_${string}`
  | `cookie_${string}`
  | `http_${string}`

export interface CookieAffinity {
  readonly name: string
  readonly mode: 'balanced' | 'persistent'
  readonly path?: string
  readonly domain?: string
  readonly sameSite?: 'Strict' | 'Lax' | 'None'
  readonly conditionalSameSiteNone: boolean
  readonly secure: boolean
  readonly expiresS?: number
  readonly maxAgeS?: number
  readonly changeOnFailure: boolean
}
