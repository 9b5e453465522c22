import { ANY_HOST, type BackendId, type Canary, type HostPattern } from '@postern/routing-table'
import type { IngressPath } from '../parse/ingress.ts'
import { destinationOf } from './destination.ts'
import type { HostDraft, HostDrafts } from './hosts.ts'
import { note, placeOf, type Joining } from './joining.ts'
import type { Location } from './model.ts'
import { readPathType } from './path-type.ts'
import type { IngressPlan } from './plan-ingress.ts'
import { ruleRef } from './rule-ref.ts'

/** The canary that each main backend has, the oldest first. */
export type CanariesByMain = ReadonlyMap<BackendId, Canary>

/**
 * Adds canaries to the paths that they are alternatives of: same host, path and type. A path has one canary at most; one
 * without a main Ingress serves nobody.
 */
export function addCanaries(
  plans: readonly IngressPlan[],
  hosts: HostDrafts,
  joining: Joining,
): CanariesByMain {
  const byMain = new Map<BackendId, Canary>()
  for (const plan of plans) {
    for (const rule of plan.ingress.rules) {
      const host = rule.host ?? ANY_HOST
      for (const path of rule.paths ?? []) addCanary({ plan, path, host }, hosts.get(host), byMain, joining)
    }
  }
  return byMain
}

interface Claim {
  readonly plan: IngressPlan
  readonly path: IngressPath
  readonly host: HostPattern
}

function addCanary(
  { plan, path, host }: Claim,
  draft: HostDraft | undefined,
  byMain: Map<BackendId, Canary>,
  joining: Joining,
): void {
  const type = readPathType(path, plan, joining)
  const index =
    draft?.locations.findIndex((location) => location.path === path.path && location.type === type) ?? -1
  const main = draft?.locations[index]
  if (draft === undefined || main === undefined || main.destination.kind !== 'backend') {
    note(joining, plan.ingress, path.field, {
      severity: 'warning',
      code: 'canary-without-main',
      message: `no other Ingress has ${host}${path.path} (${path.type}), so this canary serves nobody`,
      fix: 'give the main Ingress the same host, path and pathType',
    })
    return
  }
  if (main.canary !== undefined) return reportSecond(plan, path, host, main.canary, joining)
  const destination = destinationOf(path.backend, plan, joining)
  if (destination?.kind !== 'backend') return
  if (destination.id === main.destination.id) {
    const message = 'the canary and its main Ingress lead to the same Service and port'
    note(joining, plan.ingress, path.field, {
      severity: 'warning',
      code: 'canary-is-main',
      message,
      fix: 'name another Service',
    })
    return
  }
  const first = joining.settings.compat === 'ingress-nginx' ? byMain.get(main.destination.id) : undefined
  if (first !== undefined && first.backend !== destination.id)
    return reportSecond(plan, path, host, first, joining)
  const canary = canaryOf(plan, path, destination.id, main, joining)
  draft.locations[index] = { ...main, canary }
  if (first === undefined) byMain.set(main.destination.id, canary)
}

function canaryOf(
  plan: IngressPlan,
  path: IngressPath,
  backend: Canary['backend'],
  main: Location,
  joining: Joining,
): Canary {
  const { canary, affinity } = plan.settings
  const cookie = main.plan.settings.affinity.cookie
  // ingress-nginx gives the canary's backend the affinity of the main one, so that clients stay with what they met.
  if (affinity.canaryBehavior === 'sticky' && cookie) joining.backends.useOf(backend).affinity ??= cookie
  return {
    backend,
    ...(canary?.header && { header: canary.header }),
    ...(canary?.cookie !== undefined && { cookie: canary.cookie }),
    weight: canary?.weight ?? 0,
    weightTotal: canary?.weightTotal ?? 100,
    affinity: affinity.canaryBehavior,
    origin: ruleRef(plan.ingress, path),
  }
}

function reportSecond(
  plan: IngressPlan,
  path: IngressPath,
  host: HostPattern,
  first: Canary,
  joining: Joining,
): void {
  const loser = ruleRef(plan.ingress, path)
  joining.lost.push({
    what: 'canary',
    host,
    path: path.path,
    winner: first.origin,
    loser,
    reason: 'a path has one canary at most, and so has its Service',
  })
  const winner = `${first.origin.namespace}/${first.origin.name}`
  note(joining, plan.ingress, path.field, {
    severity: 'warning',
    code: 'canary-conflict',
    message: `${host}${path.path} has the canary ${winner} already; this one (${placeOf(plan.ingress)}) serves nobody`,
    fix: 'keep one canary per Service',
  })
}
