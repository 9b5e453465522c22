import {
  compileManifests,
  type Compiled,
  type CompileSettings,
  type ManifestSet,
} from '@postern/control-plane'
import { createRehearsal, TlsSelection, type Rehearse } from '@postern/data-plane'
import type { Filter, Route, RoutingTable } from '@postern/routing-table'
import { readWorld, type World } from './world/read-world.ts'

/** Manifests made ready for questions: compiled as for serving, with all that compiling forgets. */
export interface Subject {
  readonly compiled: Compiled
  readonly settings: CompileSettings
  readonly world: World
  readonly rehearse: Rehearse
  readonly tls: TlsSelection
  /** The same for a client that has a password or token that passes: nobody can be asked for theirs. */
  readonly rehearseAdmitted: Rehearse
}

export function makeSubject(set: ManifestSet, settings: CompileSettings): Subject {
  const compiled = compileManifests(set, settings)
  const tls = new TlsSelection()
  tls.replace(compiled.table)
  let admitted: Rehearse | undefined
  const rehearseAdmitted: Rehearse = (exchange, options) =>
    (admitted ??= createRehearsal(withoutCredentials(compiled.table)))(exchange, options)
  const rehearse = createRehearsal(compiled.table)
  return { compiled, settings, world: readWorld(set), rehearse, rehearseAdmitted, tls }
}

function withoutCredentials(table: RoutingTable): RoutingTable {
  const open = (route: Route): Route => ({ ...route, filters: route.filters.map(passing) })
  return {
    ...table,
    hosts: table.hosts.map((host) => ({
      ...host,
      routes: host.routes.map(open),
      ...(host.defaultRoute && { defaultRoute: open(host.defaultRoute) }),
    })),
    defaultRoute: open(table.defaultRoute),
  }
}

function passing(filter: Filter): Filter {
  if (filter.kind !== 'access') return filter
  const { basic, jwt, ...rest } = filter
  // One proof is enough for `any`: then nobody asks where the client comes from.
  const isProof = basic !== undefined || jwt !== undefined
  return isProof && filter.satisfy === 'any' ? { kind: 'access', satisfy: 'all' } : rest
}
