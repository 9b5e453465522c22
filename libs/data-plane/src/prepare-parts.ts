// What one part of a table becomes. Besides the pipeline, the only file that knows all stages.
import {
  NOT_FOUND_ROUTE,
  type Backend,
  type BackendId,
  type CookieAffinity,
  type Filter,
  type Route,
  type RouteId,
  type VirtualHost,
} from '@postern/routing-table'
import { balancerFor } from './balance/balancer-for.ts'
import { chooseCanary } from './balance/canary.ts'
import type { FilterServices, PreparedFilter } from './filter.ts'
import { access } from './filters/access.ts'
import { bodyLimit } from './filters/body-limit.ts'
import { cors } from './filters/cors.ts'
import { headers } from './filters/headers.ts'
import { httpsRedirect } from './filters/https-redirect.ts'
import { mirror } from './filters/mirror.ts'
import { rateLimit } from './filters/rate-limit.ts'
import { redirect } from './filters/redirect.ts'
import { rewrite } from './filters/rewrite.ts'
import { clientCertificateCheck } from './listener/client-certificate.ts'
import { indexPaths } from './match/match-path.ts'
import type { PreparedBackend, PreparedHost, PreparedRoute } from './prepared.ts'

/** The cookie affinity of a backend, which stands outside the host whose canary follows it. */
export type AffinityOf = (id: BackendId) => CookieAffinity | undefined

export function prepareHost(
  { host, routes: given, tls, defaultRoute }: VirtualHost,
  affinityOf: AffinityOf,
  services: FilterServices,
): PreparedHost {
  const routes = given.map((route) => prepareRoute(route, affinityOf, services))
  const find = indexPaths(given.map(({ path }) => path))
  const clientAuth = tls?.clientAuth
  return {
    pattern: host,
    clientAuth,
    checkClientCertificate: clientAuth && clientCertificateCheck(clientAuth),
    routes,
    match: (path) => {
      const index = find(path)
      return index === undefined ? undefined : routes[index]
    },
    defaultRoute: defaultRoute && prepareRoute(defaultRoute, affinityOf, services),
  }
}

/** A host that cannot be prepared is closed as a whole; its neighbours are served. */
export function closedHost({ host }: VirtualHost, reason: string): PreparedHost {
  const id = `${host}/(closed)` as RouteId
  const route = closedRoute({ ...NOT_FOUND_ROUTE, id }, reason)
  const nothing = { clientAuth: undefined, checkClientCertificate: undefined }
  return { pattern: host, ...nothing, routes: [route], match: () => route, defaultRoute: undefined }
}

/** A route that cannot be prepared is closed, as a location with a bad annotation; its neighbours are served. */
export function prepareRoute(route: Route, affinityOf: AffinityOf, services: FilterServices): PreparedRoute {
  try {
    return openRoute(route, affinityOf, services)
  } catch (error) {
    const reason = `the route cannot be prepared: ${error instanceof Error ? error.message : String(error)}`
    services.warn(`${route.id} answers 503: ${reason}`)
    return closedRoute(route, reason)
  }
}

function closedRoute(route: Route, reason: string): PreparedRoute {
  return {
    route: { ...route, filters: [], target: { kind: 'fixed', status: 503, reason } },
    ...{ requestFilters: [], requestKinds: [], responseFilters: [], chooseBackend: undefined },
  }
}

function openRoute(route: Route, affinityOf: AffinityOf, services: FilterServices): PreparedRoute {
  const filters = route.filters.map((filter) => prepareFilter(filter, services))
  const { target } = route
  const canary = target.kind === 'backend' ? target.canary : undefined
  return {
    route,
    requestFilters: filters.flatMap(({ request }) => request ?? []),
    requestKinds: route.filters.flatMap(({ kind }, i) => (filters[i]?.request === undefined ? [] : [kind])),
    responseFilters: filters.flatMap(({ response }) => response ?? []),
    chooseBackend:
      target.kind === 'backend' && canary !== undefined
        ? chooseCanary(canary, target.backend, affinityOf(target.backend))
        : undefined,
  }
}

export function prepareBackend(given: Backend, services: FilterServices): PreparedBackend {
  // Read once: it may be a view of something packed.
  const { id, endpoints, balance, affinity, dns, origin } = given
  const backend = { id, endpoints, balance, ...(affinity && { affinity }), ...(dns && { dns }), origin }
  return { backend, balancer: balancerFor(backend, services) }
}

function prepareFilter(filter: Filter, services: FilterServices): PreparedFilter {
  switch (filter.kind) {
    case 'body-limit':
      return bodyLimit(filter)
    case 'https-redirect':
      return httpsRedirect(filter)
    case 'redirect':
      return redirect(filter)
    case 'cors':
      return cors(filter)
    case 'rate-limit':
      return rateLimit(filter, services)
    case 'access':
      return access(filter, services)
    case 'mirror':
      return mirror(filter, services)
    case 'rewrite':
      return rewrite(filter)
    case 'headers':
      return headers(filter)
  }
}
