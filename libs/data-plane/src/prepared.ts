import type { Reply } from '@postern/exchange'
import type {
  Backend,
  BackendId,
  BackendTarget,
  ClientCertificatePolicy,
  Endpoint,
  Filter,
  GlobalSettings,
  Revision,
  Route,
  RoutingTable,
  TlsPassthrough,
} from '@postern/routing-table'
import type { AddressSet } from './address-set.ts'
import type { RequestFilter, ResponseFilter } from './filter.ts'
import type { Journey } from './journey.ts'
import type { Lookup } from './shelf.ts'

/**
 * A routing table with everything derived from it that requests need. Never changes once it is in use; a host or backend is
 * prepared when the first request asks for it.
 */
export interface PreparedTable {
  readonly table: RoutingTable
  readonly revision: Revision
  readonly settings: GlobalSettings
  readonly trustedProxies: AddressSet
  readonly exactHosts: Lookup<string, PreparedHost>
  readonly wildcardHosts: Lookup<string, PreparedHost>
  readonly anyHost: PreparedHost | undefined
  readonly defaultRoute: PreparedRoute
  readonly backends: Lookup<BackendId, PreparedBackend>
  /** By host name; empty as a rule. */
  readonly passthroughs: ReadonlyMap<string, TlsPassthrough>
}

export interface PreparedHost {
  readonly pattern: string
  readonly clientAuth: ClientCertificatePolicy | undefined
  readonly checkClientCertificate: ((journey: Journey) => Reply | undefined) | undefined
  readonly routes: readonly PreparedRoute[]
  /** The route for a normalised path: the first in the table's order that fits. */
  match(path: string): PreparedRoute | undefined
  readonly defaultRoute: PreparedRoute | undefined
}

export interface PreparedRoute {
  readonly route: Route
  /** In running order. */
  readonly requestFilters: readonly RequestFilter[]
  /** What each of `requestFilters` is, for whoever explains which one ended the road. */
  readonly requestKinds: readonly Filter['kind'][]
  readonly responseFilters: readonly ResponseFilter[]
  /** Which of a route's backends this request goes to, before endpoints are looked at. Only for backend targets. */
  readonly chooseBackend: ((journey: Journey, target: BackendTarget) => BackendId) | undefined
}

export interface PreparedBackend {
  readonly backend: Backend
  readonly balancer: Balancer
}

/** Chooses among the endpoints of one backend. Keeps its state from one table to the next. */
export interface Balancer {
  /** The endpoint for this attempt, or undefined when there is none. `tried` had an attempt of this request already. */
  pick(endpoints: readonly Endpoint[], journey: Journey, tried: readonly Endpoint[]): Endpoint | undefined
  /** How an attempt went. `elapsedMs` is undefined for a failed one. */
  observe?(endpoint: Endpoint, elapsedMs: number | undefined): void
}
