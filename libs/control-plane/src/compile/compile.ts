import {
  ANY_HOST,
  NOT_FOUND_ROUTE,
  type Revision,
  type Route,
  type RoutingTable,
  type VirtualHost,
} from '@postern/routing-table'
import type { Destination, HostModel, Location, Model } from '../resolve/model.ts'
import type { CompileSettings } from '../settings.ts'
import type { Kept } from './kept.ts'
import { DEFAULT_POLICY, routeOf } from './route.ts'
import { routesLikeNginx } from './routes-nginx.ts'
import { routesBySpec } from './routes-spec.ts'

/** A valid model always compiles: this only orders and writes down. What did not change keeps its identity. */
export function compile(model: Model, settings: CompileSettings, kept: Kept): RoutingTable {
  const table = {
    revision: 0 as Revision,
    hosts: model.hosts.map((host) =>
      kept.keep(`host ${host.host}`, partsOf(host), () => virtualHost(host, settings)),
    ),
    backends: model.backends.map(({ id, madeFrom, make }) => kept.keep(`backend ${id}`, madeFrom, make)),
    certificates: model.certificates,
    ...(model.fallbackCertificate && { fallbackCertificate: model.fallbackCertificate }),
    ...(model.passthroughs.length > 0 && {
      passthroughs: kept.keepEqual('passthroughs', model.passthroughs),
    }),
    defaultRoute: kept.keep('default', partsOfFallback(model.fallback), () =>
      defaultRoute(model.fallback, settings),
    ),
    settings: kept.keepEqual('settings', model.settings),
  }
  kept.turn()
  for (const parts of [table.hosts, table.backends, table.certificates]) Object.freeze(parts)
  return Object.freeze(table)
}

/** All that a virtual host is made from. A location keeps its identity as long as it says the same. */
function partsOf({ host, locations, fallback, tls, covered, first, locked }: HostModel): readonly unknown[] {
  const parts: unknown[] = [host, covered, tls && JSON.stringify(tls), first && JSON.stringify(first), locked]
  for (const location of locations) {
    const { canary, affinityCookie, overTls } = location
    if (canary === undefined && affinityCookie === undefined && overTls === undefined) parts.push(location)
    else parts.push(...partsOfLocation(location))
  }
  if (fallback) parts.push(...partsOfLocation(fallback))
  return parts
}

function partsOfLocation(location: Location): readonly unknown[] {
  const { id, type, plan, destination, canary, origin, whenEmpty, intercept, affinityCookie } = location
  const parts = [id, type, plan, origin, textOf(destination), whenEmpty, intercept, affinityCookie]
  return [...parts, location.overTls, canary && JSON.stringify(canary)]
}

function partsOfFallback(fallback: Location | Destination): readonly unknown[] {
  return 'kind' in fallback ? [textOf(fallback)] : partsOfLocation(fallback)
}

function textOf(destination: Destination): string {
  return destination.kind === 'backend' ? destination.id : destination.reason
}

function virtualHost(host: HostModel, settings: CompileSettings): VirtualHost {
  const drafts = settings.compat === 'spec' ? routesBySpec(host) : routesLikeNginx(host)
  const routes = drafts.map((draft) => routeOf(draft, host, settings))
  return {
    host: host.host,
    routes: host.first ? [host.first, ...routes] : routes,
    ...(host.fallback && { defaultRoute: fallbackRoute(host.fallback, host, settings) }),
    ...(host.tls && { tls: host.tls }),
  }
}

function fallbackRoute(location: Location, host: HostModel, settings: CompileSettings): Route {
  return routeOf({ location, match: { kind: 'prefix', value: '/' } }, host, settings)
}

const ANYWHERE: HostModel = { host: ANY_HOST, locations: [], covered: false }
const LEFT_OUT: readonly string[] = ['rewrite', 'redirect', 'https-redirect']

// ingress-nginx: rewrites and redirects "can affect the catch all behavior" and are left out.
function defaultRoute(fallback: Location | Destination, settings: CompileSettings): Route {
  if (!('kind' in fallback)) {
    const { plan } = fallback
    const plain = { ...plan, settings: { ...plan.settings, redirect: { fromToWww: false, relative: false } } }
    const route = fallbackRoute({ ...fallback, plan: plain }, ANYWHERE, settings)
    return { ...route, filters: route.filters.filter(({ kind }) => !LEFT_OUT.includes(kind)) }
  }
  if (fallback.kind === 'fixed') return { ...NOT_FOUND_ROUTE, target: fallback }
  const name = fallback.id
  return {
    ...NOT_FOUND_ROUTE,
    target: { kind: 'backend', backend: fallback.id, policy: DEFAULT_POLICY },
    origin: { kind: 'Service', namespace: name.split('/')[0] ?? '', name: name.split('/')[1] ?? '' },
  }
}
