import type { Filter, Route, RoutingTable, VirtualHost } from '@postern/routing-table'
import type { ExplainRequest } from '../request.ts'
import { indexPaths, type PathIndex } from '@postern/data-plane'
import { samplePaths } from '../sample-paths.ts'
import { text } from '../stages/describe-filter.ts'
import { hostText } from './same-host.ts'

type Header = readonly [string, string]
type Variant = Partial<Pick<ExplainRequest, 'method' | 'headers' | 'from' | 'scheme' | 'port'>>

/** A host that no rule names. */
export const NOBODY = 'nobody.probe'
const OUTSIDE = '192.0.2.1'

/**
 * One request for each class that two tables could tell apart: hosts, both sides of every boundary of a path, and the
 * methods, headers, addresses and schemes that some rule there asks about. A host that is the same in all tables is
 * passed over.
 */
export function probes(...tables: readonly RoutingTable[]): readonly ExplainRequest[] {
  const found = new Map<string, ExplainRequest>()
  for (const host of hostNames(tables)) {
    const texts = tables.map((table) => hostText(hostsFor(host, table), table))
    if (texts.length > 1 && texts.every((one) => one === texts[0])) continue
    const here = tables.flatMap((table) => hostsFor(host, table))
    const routes = [
      ...here.flatMap(({ routes: own, defaultRoute }) => [...own, ...(defaultRoute ? [defaultRoute] : [])]),
      ...tables.map(({ defaultRoute }) => defaultRoute),
    ]
    for (const target of targets(routes)) {
      const met = tables.map((table) => routeAt(table, host, target.path))
      for (const variant of uniqueVariants(met)) {
        const probe = { ...plainRequest(host, target.text), ...variant }
        found.set(JSON.stringify(probe), probe)
      }
    }
  }
  return [...found.values()]
}

function plainRequest(host: string, target: string): ExplainRequest {
  return {
    ...{ scheme: 'http', serverName: host, authority: host, port: 80, target },
    ...{ method: 'GET', headers: [], from: OUTSIDE },
  }
}

function hostNames(tables: readonly RoutingTable[]): readonly string[] {
  const names = tables.flatMap(({ hosts }) => hosts.flatMap(({ host }) => examples(host)))
  return [...new Set([...names, NOBODY])].sort()
}

function examples(pattern: string): readonly string[] {
  if (pattern === '*') return []
  return pattern.startsWith('*.') ? [`probe${pattern.slice(1)}`, `one.probe${pattern.slice(1)}`] : [pattern]
}

// The most specific first: what could take the request if those before it went away.
function hostsFor(host: string, { hosts }: RoutingTable): readonly VirtualHost[] {
  const wildcard = `*${host.slice(host.indexOf('.'))}`
  return hosts.filter((one) => one.host === host || one.host === wildcard || one.host === '*')
}

interface Target {
  readonly path: string
  /** As it stands in a request line. */
  readonly text: string
}

function targets(routes: readonly Route[]): readonly Target[] {
  const rules = new Map(routes.map(({ path }) => [JSON.stringify(path), path]))
  const paths = [...rules.values()].flatMap((path) => samplePaths(path).flatMap(neighbours))
  const roots = ['/', '/probe', '/.well-known/acme-challenge/probe']
  return [...new Set([...roots, ...paths])]
    .filter((path) => /^\/[\x21-\x7e]*$/.test(path))
    .map((path) => ({ path, text: escapeQuery(path) }))
}

function escapeQuery(path: string): string {
  return `${path.replaceAll('%', '%25').replaceAll('?', '%3F').replaceAll('#', '%23')}?probe=1`
}

const indexes = new WeakMap<VirtualHost, PathIndex>()

/** The route that a path meets, to ask only what that route asks about. */
function routeAt(table: RoutingTable, host: string, path: string): Route {
  const [virtual] = hostsFor(host, table)
  if (virtual === undefined) return table.defaultRoute
  let find = indexes.get(virtual)
  if (find === undefined) indexes.set(virtual, (find = indexPaths(virtual.routes.map((route) => route.path))))
  const index = find(path)
  return (
    (index === undefined ? undefined : virtual.routes[index]) ?? virtual.defaultRoute ?? table.defaultRoute
  )
}

/** A path and its neighbours over the boundaries that rules know: slash, segment, case. */
function neighbours(path: string): readonly string[] {
  const bare = path.endsWith('/') && path.length > 1 ? path.slice(0, -1) : path
  return [path, bare, `${bare}/`, `${bare}x`, `${bare}/probe`, bare.toUpperCase(), bare.slice(0, -1) || '/']
}

const SECURE = { scheme: 'https', port: 443 } as const

function uniqueVariants(routes: readonly Route[]): readonly Variant[] {
  const single = [{}, SECURE, ...routes.flatMap(variantsOf)]
  const doors = routes.map(admission).filter((door) => Object.keys(door).length > 0)
  const all = [...single, ...doors.flatMap((door) => single.map((variant) => ({ ...door, ...variant })))]
  return [...new Map(all.map((variant) => [JSON.stringify(variant), variant])).values()]
}

/** What lets a request pass a route's redirect to HTTPS and its list of addresses: most of the route lies behind them. */
function admission({ filters }: Route): Variant {
  const isSecure = filters.some(({ kind }) => kind === 'https-redirect')
  const [range] = filters.flatMap((filter) => (filter.kind === 'access' ? (filter.ip?.allow ?? []) : []))
  const from = range?.split('/')[0]
  return { ...(isSecure && SECURE), ...(from !== undefined && { from }) }
}

function variantsOf({ filters, target }: Route): readonly Variant[] {
  const canary = target.kind === 'backend' ? target.canary : undefined
  const header = canary?.header
  const values = header === undefined ? [] : [header.value ?? 'always', 'never', 'probe']
  const cookies = canary?.cookie === undefined ? [] : [`${canary.cookie}=always`, `${canary.cookie}=never`]
  return [
    ...values.map((value) => withHeaders([header?.name ?? '', value])),
    ...cookies.map((value) => withHeaders(['Cookie', value])),
    ...filters.flatMap(variantsOfFilter),
  ]
}

function variantsOfFilter(filter: Filter): readonly Variant[] {
  switch (filter.kind) {
    case 'cors': {
      const origins = [
        ...filter.allowOrigins.map((origin) => origin.replace('*', 'probe')),
        'https://elsewhere.probe',
      ]
      return origins.flatMap((origin) => [
        withHeaders(['Origin', origin]),
        { method: 'OPTIONS', ...withHeaders(['Origin', origin]) },
      ])
    }
    case 'body-limit':
      return [0, 1].map((more) => ({
        method: 'POST',
        ...withHeaders(['Content-Length', String(filter.maxBytes + more)]),
      }))
    case 'access':
      return [...(filter.ip?.allow ?? []), ...(filter.ip?.deny ?? [])].map((range) => ({
        from: range.split('/')[0] ?? OUTSIDE,
      }))
    case 'redirect':
      return text(filter.location).includes('$http_') ? [withHeaders(['Accept', 'text/html'])] : []
    case 'https-redirect':
    case 'headers':
    case 'mirror':
    case 'rate-limit':
    case 'rewrite':
      return []
  }
}

function withHeaders(...headers: readonly Header[]): Variant {
  return { headers }
}
