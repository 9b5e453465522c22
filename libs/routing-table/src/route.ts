import type { AnswerRewrites } from './answer-rewrites.ts'
import type { BackendId } from './backend.ts'
import type { Brand, ObjectRef } from './brand.ts'
import type { Filter } from './filter.ts'
import type { PathMatch } from './path.ts'
import type { Redacted } from './redacted.ts'

/** `namespace/ingress/rule/path`: stable across rebuilds; appears in logs, metrics, errors and explain. */
export type RouteId = Brand<string, 'RouteId'>

export interface Route {
  readonly id: RouteId
  readonly path: PathMatch
  /** In running order (see `FILTER_ORDER`); at most one of each kind. */
  readonly filters: readonly Filter[]
  readonly target: Target
  /** Which manifest said so. */
  readonly origin: ObjectRef
  /** False switches the access log off for this route (`enable-access-log`). */
  readonly accessLog: boolean
}

export type Target =
  | BackendTarget
  /** Answers without an upstream. `location` is complete, or built from the request by a redirect filter. */
  | { readonly kind: 'redirect'; readonly status: number; readonly location: string }
  /** A fixed answer: the built-in 404, 503 for a location that a bad annotation denies, or an empty 200. `reason` is for people. */
  | { readonly kind: 'fixed'; readonly status: number; readonly reason: string }

export interface BackendTarget {
  readonly kind: 'backend'
  readonly backend: BackendId
  readonly canary?: Canary
  /** Where to go when `backend` has no ready endpoint (`default-backend`). */
  readonly whenEmpty?: BackendId
  /** `followed`: an affinity cookie of the backend counts, but clients without one are given none on this route. */
  readonly affinityCookie?: 'followed'
  readonly policy: UpstreamPolicy
}

/** Who is sent to the canary: header, then cookie, then weight. */
export interface Canary {
  readonly backend: BackendId
  readonly header?: { readonly name: string; readonly value?: string; readonly pattern?: string }
  readonly cookie?: string
  readonly weight: number
  readonly weightTotal: number
  /** `sticky`: the affinity cookie's backend wins over the split. */
  readonly affinity: 'sticky' | 'legacy'
  readonly origin: ObjectRef
}

/** How a request travels to its backend. Times are in milliseconds, sizes in bytes. */
export interface UpstreamPolicy {
  readonly protocol: 'http' | 'https' | 'grpc' | 'grpcs' | 'auto'
  readonly tls?: UpstreamTls
  readonly timeouts: UpstreamTimeouts
  readonly retry: RetryPolicy
  /** Replaces the client's Host header (`upstream-vhost`). */
  readonly host?: string
  /** A larger response head is a 502 (`proxy-buffer-size`). */
  readonly maxResponseHeadBytes: number
  /** Statuses of the upstream that are replaced by the error backend's answer (`custom-http-errors`). */
  readonly interceptErrors?: { readonly statuses: readonly number[]; readonly backend: BackendId }
  /** Changes to what the upstream answers (`proxy-redirect-*`, `proxy-cookie-*`). */
  readonly answer?: AnswerRewrites
  /** How fast a response may go to its client (`limit-rate`, `limit-rate-after`). */
  readonly rate?: ResponseRate
  /** Requests that may share one upstream connection before their answers have come; 1 is no pipelining. */
  readonly pipelining: number
}

/** Freely up to `afterBytes`, then at `bytesPerSecond`. */
export interface ResponseRate {
  readonly bytesPerSecond: number
  readonly afterBytes: number
}

export interface UpstreamTimeouts {
  readonly connectMs: number
  /** Between two reads, not in total. */
  readonly readMs: number
  /** Between two writes, not in total. */
  readonly sendMs: number
}

export type RetryCondition =
  | 'error'
  | 'timeout'
  | 'invalid_header'
  | 'http_500'
  | 'http_502'
  | 'http_503'
  | 'http_504'
  | 'http_403'
  | 'http_404'
  | 'http_429'

export interface RetryPolicy {
  readonly conditions: readonly RetryCondition[]
  /** Attempts in all, the first included. 1 is no retry, 0 as many as there are endpoints. */
  readonly tries: number
  /** Time for all attempts together; 0 is no limit. */
  readonly timeoutMs: number
  /** Whether POST, LOCK and PATCH may be sent again once a byte has left. */
  readonly nonIdempotent: boolean
}

export interface UpstreamTls {
  /** Verification is on by default; ingress-nginx's default is off, and `--compat ingress-nginx` says so in a diagnostic. */
  readonly verify: boolean
  readonly serverName?: string
  readonly caPem?: string
  readonly certificate?: { readonly certPem: string; readonly keyPem: Redacted }
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3'
  readonly ciphers?: string
}
