import type { BackendId, RoutingTable } from '@postern/routing-table'
import { addressSet } from './address-set.ts'
import { changesBetween } from './changes.ts'
import type { FilterServices } from './filter.ts'
import { Holdings } from './holdings.ts'
import { prepareRoute, type AffinityOf } from './prepare-parts.ts'
import { PreparedBackends } from './prepared-backends.ts'
import { PreparedHosts } from './prepared-hosts.ts'
import type { PreparedTable } from './prepared.ts'

/** A table taken into use, and what that changed. */
export interface Turn {
  readonly prepared: PreparedTable
  /** Patterns of hosts that came, went or say something else. */
  readonly touchedHosts: ReadonlySet<string>
  /** Requests had asked for a backend that is gone or has other endpoints. */
  readonly lostEndpoints: boolean
}

export interface Preparer {
  next(table: RoutingTable): Turn
  /** Whether requests of the table in use may go there. */
  usesEndpoint(address: string, port: number): boolean
}

/**
 * Turns tables into what requests need. Only what changed since the table before is looked at, and a host or backend is
 * prepared by the first request for it: neither one host among 10,000 nor 10,000 at once may stop the serving loop. State
 * that nothing mentions any more is let go. A table that cannot be prepared throws and leaves everything as it was.
 */
export function createPreparer(services: FilterServices): Preparer {
  const holdings = new Holdings(services.runtime)
  const backends = new PreparedBackends(services, holdings)
  const affinityOf: AffinityOf = (id) => backends.affinityOf(id)
  const hosts = new PreparedHosts(services, holdings, affinityOf)
  let last: RoutingTable | undefined

  const turnedBy = (table: RoutingTable): Pick<Turn, 'touchedHosts' | 'lostEndpoints'> => {
    const hostChanges = changesBetween(last?.hosts ?? [], table.hosts)
    const backendChanges = changesBetween(last?.backends ?? [], table.backends)
    const ids = hosts.followsAffinities
      ? [...backendChanges.gone, ...backendChanges.come].map(({ id }) => id)
      : []
    const affinity = (id: BackendId): string => JSON.stringify(affinityOf(id) ?? null)
    const before = new Map(ids.map((id) => [id, affinity(id)]))
    const lostEndpoints = backends.replace(backendChanges)
    hosts.replace(hostChanges, new Set(ids.filter((id) => affinity(id) !== before.get(id))))
    const touched = [...hostChanges.gone, ...hostChanges.come].map(({ host }) => host)
    return { touchedHosts: new Set(touched), lostEndpoints }
  }

  return {
    next: (table) => {
      // All that can throw.
      const trustedProxies = addressSet(table.settings.trustedProxies)
      const turned = turnedBy(table)
      // Alone, and so made anew each time.
      const defaultRoute = holdings.hold(table, () => prepareRoute(table.defaultRoute, affinityOf, services))
      if (last !== undefined && last !== table) holdings.release(last)
      last = table
      const found = hosts.lookup()
      const { revision, settings } = table
      const prepared: PreparedTable = {
        ...{ table, revision, settings, trustedProxies, defaultRoute },
        exactHosts: found,
        wildcardHosts: { size: found.wildcards, get: found.get },
        anyHost: found.get('*'),
        backends: backends.lookup(),
        passthroughs: new Map((table.passthroughs ?? []).map((one) => [one.host, one])),
      }
      return { prepared, ...turned }
    },
    usesEndpoint: (address, port) => backends.endpoints.has(address, port),
  }
}
