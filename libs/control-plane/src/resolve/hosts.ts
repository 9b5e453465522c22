import { ANY_HOST, type HostPattern } from '@postern/routing-table'
import type { IngressPath, IngressRule } from '../parse/ingress.ts'
import { destinationOf } from './destination.ts'
import { emergencyBackends, type EmergencyBackends } from './emergency-backends.ts'
import type { Joining } from './joining.ts'
import type { Destination, Location } from './model.ts'
import { notePathConflict } from './note-path-conflict.ts'
import type { IngressPlan } from './plan-ingress.ts'
import { readPathType } from './path-type.ts'
import { ruleRef } from './rule-ref.ts'

/** A host while it is put together. */
export interface HostDraft {
  readonly host: HostPattern
  /** Ingresses with a rule for it, oldest first. */
  readonly plans: IngressPlan[]
  readonly locations: Location[]
  fallback?: Location
}

/** A wildcard is no name that a handshake could carry, and rules without a host have none. */
export function isWholeName({ host }: Pick<HostDraft, 'host'>): boolean {
  return host !== ANY_HOST && !host.startsWith('*.')
}

export type HostDrafts = Map<HostPattern, HostDraft>

/** Joins the rules of all Ingresses by host. The oldest Ingress that names a path has it; later ones are reported. */
export function gatherHosts(plans: readonly IngressPlan[], joining: Joining): HostDrafts {
  const hosts: HostDrafts = new Map()
  for (const plan of plans) {
    const emergency = emergencyBackends(plan, joining)
    for (const rule of plan.ingress.rules) {
      const pattern = rule.host ?? ANY_HOST
      let host = hosts.get(pattern)
      if (host === undefined) hosts.set(pattern, (host = { host: pattern, plans: [], locations: [] }))
      if (!host.plans.includes(plan)) {
        const fallback = host.fallback ?? fallbackOf(host, plan, emergency, joining)
        if (fallback) host.fallback = fallback
        host.plans.push(plan)
      }
      addPaths(host, { rule, plan, emergency }, joining)
    }
  }
  return hosts
}

/**
 * What answers where none of a host's paths fits. In ingress-nginx the Ingress that opens the host says it, and the global
 * default where it says nothing; rules without a host cannot say it, because their server is there before any Ingress. By the
 * specification it is any Ingress of the host, and else what answers everywhere: "If none of the hosts or paths match the HTTP
 * request in the Ingress objects, the traffic is routed to your default backend"
 * (https://kubernetes.io/docs/concepts/services-networking/ingress/#default-backend).
 */
function fallbackOf(
  { host, plans }: HostDraft,
  plan: IngressPlan,
  emergency: EmergencyBackends,
  joining: Joining,
): Location | undefined {
  const compat = joining.settings.compat === 'ingress-nginx'
  if (compat && (host === ANY_HOST || plans.length > 0)) return undefined
  const { defaultBackend } = plan.ingress
  const own = defaultBackend && destinationOf(defaultBackend, plan, joining, emergency.standIn)
  if (!compat && own === undefined) return undefined
  return {
    path: '/',
    type: 'prefix',
    id: `${plan.ingress.namespace}/${plan.ingress.name}/${host}/(default)`,
    plan,
    destination: own ?? joining.globalDefault,
    ...(own && emergency.of(own)),
    origin: plan.ingress.ref,
    field: ['spec', 'defaultBackend'],
  }
}

interface RuleOf {
  readonly rule: IngressRule
  readonly plan: IngressPlan
  readonly emergency: EmergencyBackends
}

function addPaths(host: HostDraft, { rule, plan, emergency }: RuleOf, joining: Joining): void {
  for (const path of rule.paths ?? []) {
    const type = readPathType(path, plan, joining)
    const rival = host.locations.find((other) => other.type === type && isSamePath(other, path.path, joining))
    if (rival !== undefined) {
      notePathConflict(host.host, path, plan.ingress, rival, joining)
      continue
    }
    const destination = destinationOf(path.backend, plan, joining, emergency.standIn)
    // ingress-nginx leaves the path out: the host's default backend answers.
    if (destination === undefined) continue
    host.locations.push(locationOf({ host: host.host, path, type, plan, destination, emergency }))
  }
}

/** By the specification the prefixes `/foo` and `/foo/` are the same; nginx has a location for each. */
function isSamePath(other: Location, path: string, { settings }: Joining): boolean {
  if (other.path === path) return true
  const segments = (text: string): string => text.replace(/(.)\/$/, '$1')
  return settings.compat === 'spec' && other.type === 'prefix' && segments(other.path) === segments(path)
}

interface Claim {
  readonly host: HostPattern
  readonly path: IngressPath
  readonly type: Location['type']
  readonly plan: IngressPlan
  readonly destination: Destination
  readonly emergency: EmergencyBackends
}

const located = new WeakMap<IngressPath, Location>()

/** A path that says the same as before keeps its location, so that its host can keep its routes. */
function locationOf({ host, path, type, plan, destination, emergency }: Claim): Location {
  const { whenEmpty, intercept } = emergency.of(destination)
  const before = located.get(path)
  const same =
    before?.plan === plan &&
    before.type === type &&
    sameDestination(before.destination, destination) &&
    before.whenEmpty === whenEmpty &&
    before.intercept === intercept
  if (same) return before
  const { namespace, name } = plan.ingress
  // As nginx writes an exact location; an Ingress may name one path with both types.
  const mark = type === 'exact' ? '=' : ''
  const location: Location = {
    path: path.path,
    type,
    id: `${namespace}/${name}/${host}${mark}${path.path}`,
    plan,
    destination,
    ...(whenEmpty !== undefined && { whenEmpty }),
    ...(intercept !== undefined && { intercept }),
    origin: ruleRef(plan.ingress, path),
    field: path.field,
  }
  located.set(path, location)
  return location
}

function sameDestination(a: Destination, b: Destination): boolean {
  return a.kind === 'backend' ? b.kind === 'backend' && a.id === b.id : a === b
}
