import type { AccessFilter } from './access.ts'
import type { BackendId, TemplatePart } from './backend.ts'
import type { UpstreamTls } from './route.ts'

/**
 * What is done to an exchange on its way, as data. The order of kinds is nginx's phase order, seen on a real nginx:
 * a body too large is a 413 before anything else; a preflight is answered before redirects and limits (a browser gives
 * up on one that is redirected); plain HTTP is redirected before anyone is asked for credentials; what follows `rewrite` sees the path that the upstream will get.
 */
export type Filter =
  | BodyLimitFilter
  | HttpsRedirectFilter
  | RedirectFilter
  | CorsFilter
  | RateLimitFilter
  | AccessFilter
  | MirrorFilter
  | RewriteFilter
  | HeadersFilter

export const FILTER_ORDER = [
  'body-limit',
  'cors',
  'https-redirect',
  'redirect',
  'rate-limit',
  'access',
  'mirror',
  'rewrite',
  'headers',
] as const satisfies readonly Filter['kind'][]

export interface BodyLimitFilter {
  readonly kind: 'body-limit'
  /** A larger body is a 413. */
  readonly maxBytes: number
}

/** Sends plain HTTP to HTTPS: `Location: https://<host><path>`, with the HTTPS port unless it is 443. */
export interface HttpsRedirectFilter {
  readonly kind: 'https-redirect'
  readonly status: number
  /** ingress-nginx strips a trailing slash of the path unless `preserve-trailing-slash`. */
  readonly stripTrailingSlash: boolean
}

/** Sends the client elsewhere, for every path of the route (`when: always`) or for `/` alone (`app-root`). */
export interface RedirectFilter {
  readonly kind: 'redirect'
  readonly status: number
  readonly when: 'always' | 'root'
  /** Complete URL or a path; a path keeps scheme and authority of the request. */
  readonly location: readonly TemplatePart[]
  /** A path stays a path: no scheme and no authority before it (`relative-redirects`). */
  readonly relative?: true
  /** A slash at the very end of the location goes, as ingress-nginx does between `www.` and its neighbour. */
  readonly stripTrailingSlash?: boolean
}

export interface CorsFilter {
  readonly kind: 'cors'
  /** `*`, or origins; `https://*.example` covers one label. Compared without regard to case. */
  readonly allowOrigins: readonly string[]
  readonly allowMethods: string
  readonly allowHeaders: string
  readonly exposeHeaders?: string
  readonly allowCredentials: boolean
  readonly maxAgeS: number
}

/** Limits per client address, shared by all routes with the same `zone`. Over the limit answers `status`. */
export interface RateLimitFilter {
  readonly kind: 'rate-limit'
  readonly zone: string
  readonly requestsPerSecond?: { readonly rate: number; readonly burst: number }
  readonly requestsPerMinute?: { readonly rate: number; readonly burst: number }
  readonly connections?: number
  readonly exempt: readonly string[]
  readonly status: number
}

/** Sends a copy elsewhere and forgets the answer; never slows the original. */
export interface MirrorFilter {
  readonly kind: 'mirror'
  readonly url: readonly TemplatePart[]
  /** The Service that the URL names, when it is known: sent to its endpoints. Absent: the URL's host is looked up. */
  readonly backend?: BackendId
  /** As for external authentication. */
  readonly tls?: UpstreamTls
  readonly host?: string
  /** The body goes along. */
  readonly body: boolean
}

/**
 * Rewrites the path as `rewrite "(?i)<pattern>" <target> break` does: the route's own regex, `$1…$n` from its captures,
 * the unmatched rest dropped, the query kept. A target that is a complete URL is a 302.
 */
export interface RewriteFilter {
  readonly kind: 'rewrite'
  readonly pattern: string
  readonly ignoreCase: boolean
  readonly target: string
  /** Sent as X-Forwarded-Prefix. */
  readonly forwardedPrefix?: string
}

/** Headers of our own: on the upstream request and on the response. */
export interface HeadersFilter {
  readonly kind: 'headers'
  readonly request: readonly HeaderEdit[]
  readonly response: readonly HeaderEdit[]
}

export type HeaderEdit =
  | { readonly kind: 'set'; readonly name: string; readonly value: string }
  /** A `set` whose value is known with each request only; a `remove` where it is empty. */
  | { readonly kind: 'render'; readonly name: string; readonly value: readonly TemplatePart[] }
  | { readonly kind: 'add'; readonly name: string; readonly value: string }
  | { readonly kind: 'remove'; readonly name: string }
