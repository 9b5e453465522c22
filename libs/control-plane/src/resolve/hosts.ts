import { ANY_HOST, type HostPattern, type ObjectRef } from '@postern/routing-table'
import type { Ingress, IngressPath, IngressRule } from '../parse/ingress.ts'
import { destinationOf } from './destination.ts'
import { note, placeOf, type Joining } from './joining.ts'
import type { Destination, Location } from './model.ts'
import type { IngressPlan } from './plan-ingress.ts'
import { readPathType } from './path-type.ts'

/** A host while it is put together. */
export interface HostDraft {
  readonly host: HostPattern
  /** Ingresses with a rule for it, oldest first. */
  readonly plans: IngressPlan[]
  readonly locations: Location[]
  fallback?: Location
}

/** Joins the rules of all Ingresses by host. The oldest Ingress that names a path has it; later ones are reported. */
export function gatherHosts(plans: readonly IngressPlan[], joining: Joining): Map<HostPattern, HostDraft> {
  const hosts = new Map<HostPattern, HostDraft>()
  for (const plan of plans) {
    for (const rule of plan.ingress.rules) {
      const pattern = rule.host ?? ANY_HOST
      let host = hosts.get(pattern)
      if (host === undefined) hosts.set(pattern, (host = openHost(pattern, plan, joining)))
      if (!host.plans.includes(plan)) host.plans.push(plan)
      addPaths(host, rule, plan, joining)
    }
  }
  return hosts
}

/** The Ingress that opens a host says what answers where none of its paths fits. */
function openHost(host: HostPattern, plan: IngressPlan, joining: Joining): HostDraft {
  const draft: HostDraft = { host, plans: [], locations: [] }
  const own = plan.ingress.defaultBackend && destinationOf(plan.ingress.defaultBackend, plan.ingress, joining)
  // In ingress-nginx the catch-all host exists before any Ingress, so no rule without host can give it a default backend.
  const compat = joining.settings.compat === 'ingress-nginx'
  if (host === ANY_HOST && (compat || own === undefined)) return draft
  draft.fallback = {
    path: '/',
    type: 'prefix',
    id: `${plan.ingress.namespace}/${plan.ingress.name}/${host}/(default)`,
    plan,
    destination: own ?? joining.globalDefault,
    origin: plan.ingress.ref,
  }
  return draft
}

function addPaths(host: HostDraft, rule: IngressRule, plan: IngressPlan, joining: Joining): void {
  for (const path of rule.paths ?? []) {
    const type = readPathType(path, plan, joining)
    const destination = destinationOf(path.backend, plan.ingress, joining)
    // ingress-nginx leaves the path out: the host's default backend answers.
    if (destination === undefined) continue
    const rival = host.locations.find((other) => other.path === path.path && other.type === type)
    if (rival !== undefined) {
      reportConflict(host.host, path, plan.ingress, rival, joining)
      continue
    }
    host.locations.push(locationOf({ host: host.host, path, type, plan, destination }))
  }
}

interface Claim {
  readonly host: HostPattern
  readonly path: IngressPath
  readonly type: Location['type']
  readonly plan: IngressPlan
  readonly destination: Destination
}

function locationOf({ host, path, type, plan, destination }: Claim): Location {
  const { namespace, name } = plan.ingress
  // As nginx writes an exact location; an Ingress may name one path with both types.
  const mark = type === 'exact' ? '=' : ''
  return {
    path: path.path,
    type,
    id: `${namespace}/${name}/${host}${mark}${path.path}`,
    plan,
    destination,
    origin: ruleRef(plan.ingress, path),
  }
}

const refs = new WeakMap<IngressPath, ObjectRef>()

function ruleRef(ingress: Ingress, path: IngressPath): ObjectRef {
  let ref = refs.get(path)
  if (ref === undefined) refs.set(path, (ref = { ...ingress.ref, ...ingress.manifest.at?.(path.field) }))
  return ref
}

function reportConflict(
  host: HostPattern,
  path: IngressPath,
  loser: Ingress,
  rival: Location,
  joining: Joining,
): void {
  const winner = rival.plan.ingress
  const tie = winner !== loser && (winner.createdAt === undefined || winner.createdAt === loser.createdAt)
  const reason = tie
    ? 'neither has a creation time that is older, so the later name in the alphabet wins'
    : 'it is older'
  joining.lost.push({
    what: 'path',
    host,
    path: path.path,
    winner: rival.origin,
    loser: ruleRef(loser, path),
    reason,
  })
  const same = winner === loser
  note(joining, loser, [...path.field, 'path'], {
    severity: 'warning',
    code: 'path-conflict',
    message: same
      ? `this Ingress names ${host}${path.path} (${path.type}) twice; the first is in force`
      : `${host}${path.path} (${path.type}) belongs to ${placeOf(winner)}: ${reason}; this path is not in force`,
    fix: tie ? 'keep one of them; a cluster may decide otherwise, by age' : 'keep one of them',
  })
}
