import type { RoutingTable, VirtualHost } from '@postern/routing-table'
import { addressSet } from './address-set.ts'
import { affinitiesAfter, hostsThatFollow, type Affinities } from './affinities.ts'
import { changesBetween } from './changes.ts'
import type { FilterServices } from './filter.ts'
import { Holdings } from './holdings.ts'
import { prepareBackend, prepareHost, prepareRoute } from './prepare-parts.ts'
import type { PreparedHost, PreparedTable } from './prepared.ts'

interface Last {
  readonly table: RoutingTable
  readonly affinities: Affinities
  readonly prepared: PreparedTable
}

/**
 * Turns tables into what requests need. Only what changed since the table before is prepared, and state that no host and
 * no backend mentions any more is let go: one host among 10,000 must not stop the serving loop. A table that cannot be
 * prepared throws and leaves everything as it was.
 */
export function createPreparer(services: FilterServices): (table: RoutingTable) => PreparedTable {
  const holdings = new Holdings(services.runtime)
  let last: Last | undefined
  return (table) => {
    try {
      last = prepareNext(table, last, services, holdings)
      return last.prepared
    } catch (error) {
      holdings.abandon()
      throw error
    }
  }
}

function prepareNext(
  table: RoutingTable,
  last: Last | undefined,
  services: FilterServices,
  holdings: Holdings,
): Last {
  const backends = changesBetween(last?.table.backends ?? [], table.backends)
  const before: Affinities = last?.affinities ?? new Map()
  const affinities = affinitiesAfter(before, backends)
  const ownHosts = changesBetween(last?.table.hosts ?? [], table.hosts)
  const following = hostsThatFollow(table.hosts, backends, before, affinities)
  const hosts = [...new Set([...ownHosts.come, ...following])].map((host) =>
    holdings.prepare(host, () => prepareHost(host, affinities, services)),
  )
  const prepared: PreparedTable = {
    table,
    revision: table.revision,
    settings: table.settings,
    trustedProxies: addressSet(table.settings.trustedProxies),
    ...hostsAfter(last?.prepared, ownHosts.gone, hosts),
    // Alone, and so not worth to be kept.
    defaultRoute: holdings.prepare(table, () => prepareRoute(table.defaultRoute, affinities, services)),
    backends: replaceItems(
      last?.prepared.backends,
      backends.gone.map(({ id }) => id),
      backends.come.map((backend) => {
        const made = holdings.prepare(backend, () => prepareBackend(backend, services))
        return [backend.id, made] as const
      }),
    ),
  }
  holdings.turn([
    ...ownHosts.gone,
    ...following,
    ...backends.gone,
    ...(last === undefined ? [] : [last.table]),
  ])
  return { table, affinities, prepared }
}

type Hosts = Pick<PreparedTable, 'exactHosts' | 'wildcardHosts' | 'anyHost'>

function hostsAfter(
  last: Hosts | undefined,
  gone: readonly VirtualHost[],
  come: readonly PreparedHost[],
): Hosts {
  const after = (known: ReadonlyMap<string, PreparedHost> | undefined, fits: (pattern: string) => boolean) =>
    replaceItems(
      known,
      gone.flatMap(({ host }) => (fits(host) ? [host as string] : [])),
      come.flatMap((host) => (fits(host.pattern) ? [[host.pattern, host] as const] : [])),
    )
  const any = after(last?.anyHost && new Map([['*', last.anyHost]]), (pattern) => pattern === '*')
  return {
    exactHosts: after(last?.exactHosts, (pattern) => !pattern.startsWith('*')),
    wildcardHosts: after(last?.wildcardHosts, (pattern) => pattern.startsWith('*.')),
    anyHost: any.get('*'),
  }
}

/** A new map, unless nothing changes: requests that are on their way read the old one. */
function replaceItems<K, V>(
  known: ReadonlyMap<K, V> = new Map(),
  gone: readonly K[],
  come: readonly (readonly [K, V])[],
): ReadonlyMap<K, V> {
  if (gone.length === 0 && come.length === 0) return known
  const after = new Map(known)
  for (const key of gone) after.delete(key)
  for (const [key, value] of come) after.set(key, value)
  return after
}
