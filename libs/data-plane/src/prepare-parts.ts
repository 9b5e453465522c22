// What one part of a table becomes. Besides the pipeline, the only file that knows all stages.
import type { Backend, Filter, Route, VirtualHost } from '@postern/routing-table'
import type { Affinities } from './affinities.ts'
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

export function prepareHost(
  host: VirtualHost,
  affinities: Affinities,
  services: FilterServices,
): PreparedHost {
  const routes = host.routes.map((route) => prepareRoute(route, affinities, services))
  const find = indexPaths(host.routes.map(({ path }) => path))
  const clientAuth = host.tls?.clientAuth
  return {
    pattern: host.host,
    clientAuth,
    checkClientCertificate: clientAuth && clientCertificateCheck(clientAuth),
    match: (path) => {
      const index = find(path)
      return index === undefined ? undefined : routes[index]
    },
    defaultRoute: host.defaultRoute && prepareRoute(host.defaultRoute, affinities, services),
  }
}

/** A route that cannot be prepared is closed, as a location with a bad annotation; its neighbours are served. */
export function prepareRoute(route: Route, affinities: Affinities, services: FilterServices): PreparedRoute {
  try {
    return openRoute(route, affinities, services)
  } catch (error) {
    const reason = `the route cannot be prepared: ${error instanceof Error ? error.message : String(error)}`
    services.warn(`${route.id} answers 503: ${reason}`)
    const closed: Route = { ...route, filters: [], target: { kind: 'fixed', status: 503, reason } }
    return {
      route: closed,
      requestFilters: [],
      requestKinds: [],
      responseFilters: [],
      chooseBackend: undefined,
    }
  }
}

function openRoute(route: Route, affinities: Affinities, services: FilterServices): PreparedRoute {
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
        ? chooseCanary(canary, target.backend, affinities.get(target.backend))
        : undefined,
  }
}

export function prepareBackend(backend: Backend, services: FilterServices): PreparedBackend {
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
