import {
  emptyTable,
  type Backend,
  type BackendId,
  type BackendTarget,
  type Certificate,
  type Endpoint,
  type Filter,
  type HostPattern,
  type PathMatch,
  type Revision,
  type Route,
  type RouteId,
  type RoutingTable,
  type UpstreamPolicy,
  type VirtualHost,
} from '@postern/routing-table'

const ORIGIN = { kind: 'Ingress', namespace: 'test', name: 'shop' }

/** How requests travel unless a test says otherwise: ingress-nginx's defaults, with times that suit a test. */
export const TEST_POLICY: UpstreamPolicy = {
  protocol: 'http',
  timeouts: { connectMs: 5_000, readMs: 10_000, sendMs: 10_000 },
  retry: { conditions: ['error', 'timeout'], tries: 3, timeoutMs: 0, nonIdempotent: false },
  maxResponseHeadBytes: 4_096,
  pipelining: 1,
}

export interface RouteOptions {
  readonly path?: PathMatch
  readonly filters?: readonly Filter[]
  readonly policy?: Partial<UpstreamPolicy>
  readonly canary?: BackendTarget['canary']
  readonly whenEmpty?: string
  readonly accessLog?: boolean
}

/** A hand-written route to one backend; `prefix /` unless a path is given. */
export function routeTo(backendId: string, options: RouteOptions = {}): Route {
  const {
    path = { kind: 'prefix', value: '/' },
    filters = [],
    policy,
    canary,
    whenEmpty,
    accessLog = true,
  } = options
  const target: BackendTarget = {
    kind: 'backend',
    backend: backendId as BackendId,
    policy: { ...TEST_POLICY, ...policy },
    ...(canary && { canary }),
    ...(whenEmpty !== undefined && { whenEmpty: whenEmpty as BackendId }),
  }
  return { id: `test/shop${path.value}` as RouteId, path, filters, target, origin: ORIGIN, accessLog }
}

export function hostWith(
  host: string,
  routes: readonly Route[],
  options: Partial<VirtualHost> = {},
): VirtualHost {
  return { host: host as HostPattern, routes, ...options }
}

/** A backend with a fixed list of endpoints, round robin unless told otherwise. `id` is `namespace/service/port`. */
export function backendAt(
  id: string,
  endpoints: readonly Endpoint[],
  options: Partial<Backend> = {},
): Backend {
  return {
    id: id as BackendId,
    endpoints,
    balance: { kind: 'round-robin' },
    origin: { ...ORIGIN, kind: 'Service' },
    ...options,
  }
}

export interface TableParts {
  readonly hosts: readonly VirtualHost[]
  readonly backends?: readonly Backend[]
  readonly certificates?: readonly Certificate[]
  readonly settings?: Partial<RoutingTable['settings']>
  readonly rest?: Partial<RoutingTable>
}

let lastRevision = 0

/** A table with a revision of its own. */
export function tableOf({
  hosts,
  backends = [],
  certificates = [],
  settings,
  rest,
}: TableParts): RoutingTable {
  lastRevision += 1
  return {
    ...emptyTable,
    revision: lastRevision as Revision,
    hosts,
    backends,
    certificates,
    settings: { ...emptyTable.settings, ...settings },
    ...rest,
  }
}
