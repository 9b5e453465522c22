import type {
  Backend,
  BackendId,
  Canary,
  Certificate,
  CertificateId,
  GlobalSettings,
  HostPattern,
  HostTls,
  ObjectRef,
  Route,
  TlsPassthrough,
} from '@postern/routing-table'
import type { FieldPath } from '../manifest.ts'
import type { IngressPlan } from './plan-ingress.ts'

/** Everything joined and decided, but not yet in matching order: what `compile/` turns into a table without failing. */
export interface Model {
  readonly hosts: readonly HostModel[]
  /** What answers where no host fits: an Ingress without rules, or else the global default. */
  readonly fallback: Location | Destination
  /** Sorted by id. */
  readonly backends: readonly BackendModel[]
  readonly certificates: readonly Certificate[]
  readonly fallbackCertificate?: CertificateId
  /** Sorted by host. */
  readonly passthroughs: readonly TlsPassthrough[]
  readonly settings: GlobalSettings
}

/** A backend, and what it is made from: while that stays the same, so does the backend. */
export interface BackendModel {
  readonly id: BackendId
  readonly madeFrom: readonly unknown[]
  readonly make: () => Backend
}

export interface HostModel {
  readonly host: HostPattern
  readonly locations: readonly Location[]
  /** What answers where no path fits; absent: the table's. */
  readonly fallback?: Location
  readonly tls?: HostTls
  /** A certificate is meant for this host, so `ssl-redirect` redirects. */
  readonly covered: boolean
  /** A route before all others: the redirect of `/` (`app-root`), or of everything (`from-to-www-redirect`). */
  readonly first?: Route
  /** All paths answer 403, and why. */
  readonly locked?: string
}

/** One path of one rule, or a default backend, with whose annotations hold for it. */
export interface Location {
  readonly path: string
  readonly type: 'exact' | 'prefix' | 'regex'
  /** `namespace/ingress/host/path`. */
  readonly id: string
  readonly plan: IngressPlan
  readonly destination: Destination
  readonly canary?: Canary
  /** Where to go while the destination has no ready endpoint. */
  readonly whenEmpty?: BackendId
  /** The Service has an affinity cookie, but this Ingress did not ask for it. */
  readonly affinityCookie?: 'followed'
  /** The Service ends TLS itself: requests go to it by HTTPS, whatever backend-protocol says. */
  readonly overTls?: true
  /** Who answers instead of the upstream for the statuses of `custom-http-errors`. */
  readonly intercept?: BackendId
  /** Where the rule stands. */
  readonly origin: ObjectRef
  /** `spec.rules[0].http.paths[0]`. */
  readonly field: FieldPath
}

export type Destination =
  | { readonly kind: 'backend'; readonly id: BackendId }
  | { readonly kind: 'fixed'; readonly status: number; readonly reason: string }
