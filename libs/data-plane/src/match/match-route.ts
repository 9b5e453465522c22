import type { Route, RouteId } from '@postern/routing-table'
import type { PreparedHost, PreparedRoute, PreparedTable } from '../prepared.ts'

const ANSWERS_PROBES: Route = {
  id: 'probe' as RouteId,
  path: { kind: 'prefix', value: '/' },
  filters: [],
  target: {
    kind: 'fixed',
    status: 200,
    reason: 'ingress-nginx answers probes there where no rule names the host',
  },
  origin: { kind: 'Default', namespace: '', name: 'probe' },
  accessLog: false,
}

/** What answers `GlobalSettings.probePath`. */
export const PROBE_ROUTE: PreparedRoute = {
  route: ANSWERS_PROBES,
  ...{ requestFilters: [], requestKinds: [], responseFilters: [], chooseBackend: undefined },
}

/** The route of a request whose host is found: a path of the host, what the host has for the rest, or what answers everywhere. */
export function matchRoute(
  host: PreparedHost | undefined,
  table: PreparedTable,
  path: string,
): PreparedRoute {
  const route = host?.match(path) ?? host?.defaultRoute ?? table.defaultRoute
  return host === undefined || host === table.anyHost ? probed(route, table, path) : route
}

// nginx's order of locations, of which the probe's is a prefix: exact paths, longer prefixes and regular expressions win.
function probed(route: PreparedRoute, { settings }: PreparedTable, path: string): PreparedRoute {
  const { probePath } = settings
  if (probePath === undefined || !path.startsWith(probePath)) return route
  const { kind, value } = route.route.path
  return kind === 'prefix' && value.length < probePath.length ? PROBE_ROUTE : route
}
