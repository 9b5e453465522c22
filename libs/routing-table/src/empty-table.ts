import type { Route, RouteId } from './route.ts'
import type { Revision, RoutingTable } from './routing-table.ts'
import { DEFAULT_SETTINGS } from './settings.ts'

/** The built-in answer where no default backend is configured. */
export const NOT_FOUND_ROUTE: Route = {
  id: 'default' as RouteId,
  path: { kind: 'prefix', value: '/' },
  filters: [],
  target: { kind: 'fixed', status: 404, reason: 'no rule matches this host and path' },
  origin: { kind: 'Default', namespace: '', name: 'not-found' },
  accessLog: true,
}

/** A table without hosts: every request meets the built-in 404. A fresh start for tests and builders. */
export const emptyTable: RoutingTable = {
  revision: 0 as Revision,
  hosts: [],
  backends: [],
  certificates: [],
  defaultRoute: NOT_FOUND_ROUTE,
  settings: DEFAULT_SETTINGS,
}
