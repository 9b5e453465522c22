import type { BackendId, HostPattern, ObjectRef, RouteId } from '@postern/routing-table'
import type { HostModel } from './resolve/model.ts'

/** Why the table is as it is: for explain and check. The data plane never sees it. */
export interface Provenance {
  readonly ingresses: readonly IngressVerdict[]
  readonly routes: readonly RouteProvenance[]
  readonly lost: readonly LostClaim[]
  readonly backends: readonly BackendProvenance[]
}

/** Whether an Ingress is served at all. */
export interface IngressVerdict {
  readonly ingress: ObjectRef
  readonly served: boolean
  readonly reason: string
}

/** Which line made a route. */
export interface RouteProvenance {
  readonly route: RouteId
  readonly host: HostPattern
  /** The path's own place in its file. */
  readonly rule: ObjectRef
}

/** Somebody asked for what another Ingress already has. */
export interface LostClaim {
  readonly what:
    | 'path'
    | 'certificate'
    | 'default-backend'
    | 'server-alias'
    | 'canary'
    | 'balance'
    | 'affinity'
    | 'client-certificate'
  readonly host: HostPattern
  readonly path?: string
  readonly winner: ObjectRef
  readonly loser: ObjectRef
  readonly reason: string
}

export interface BackendProvenance {
  readonly backend: BackendId
  /** Where its addresses come from. */
  readonly source: 'endpoint-slices' | 'cluster-ip' | 'external-name' | 'map' | 'service-dns' | 'none'
  /** Objects that were read for it: the Service and its EndpointSlices. */
  readonly objects: readonly ObjectRef[]
  readonly excluded: readonly ExcludedEndpoint[]
  /** Why it has no addresses, when it has none. */
  readonly reason?: string
}

export interface ExcludedEndpoint {
  readonly address: string
  readonly pod?: string
  readonly reason: string
}

/** Adds the rules' places to what resolving found; worked out when somebody asks, for most tables nobody does. */
export function provenanceOf(resolved: Omit<Provenance, 'routes'>, hosts: readonly HostModel[]): Provenance {
  const routesOf = ({ host, locations }: HostModel): readonly RouteProvenance[] =>
    locations.map(({ id, origin }) => ({ route: id as RouteId, host, rule: origin }))
  return {
    ...resolved,
    get routes() {
      return hosts.flatMap(routesOf)
    },
  }
}
