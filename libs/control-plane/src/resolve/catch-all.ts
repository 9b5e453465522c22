import { ANY_HOST } from '@postern/routing-table'
import { PREFIX } from '../annotations/features.ts'
import type { IngressBackend } from '../parse/ingress.ts'
import { destinationOf } from './destination.ts'
import { emergencyBackends } from './emergency-backends.ts'
import { note, placeOf, type Joining } from './joining.ts'
import type { Destination, Location } from './model.ts'
import type { IngressPlan } from './plan-ingress.ts'

/**
 * What answers where no host fits: the oldest Ingress that has a default backend and no rules, else the global one. Its
 * annotations hold, but for rewrites and redirects, which ingress-nginx leaves out here.
 */
export function catchAll(plans: readonly IngressPlan[], joining: Joining): Location | Destination {
  const claims = plans.flatMap((plan) => {
    const backend = plan.ingress.rules.length === 0 ? plan.ingress.defaultBackend : undefined
    return backend === undefined ? [] : [{ plan, backend }]
  })
  const [first, ...others] = claims
  if (first === undefined) return joining.globalDefault
  for (const { plan } of others) {
    joining.lost.push({
      what: 'default-backend',
      host: ANY_HOST,
      winner: first.plan.ingress.ref,
      loser: plan.ingress.ref,
      reason: 'the oldest one is in force',
    })
    note(joining, plan.ingress, ['spec', 'defaultBackend'], {
      severity: 'warning',
      code: 'default-backend-conflict',
      message: `${placeOf(first.plan.ingress)} is the default backend for all hosts already; this one is not in force`,
      fix: 'keep one Ingress without rules',
    })
  }
  noteLeftOut(first.plan, joining)
  return location(first.plan, first.backend, joining)
}

const LEFT_OUT = [
  'permanent-redirect',
  'temporal-redirect',
  'rewrite-target',
  'force-ssl-redirect',
  'app-root',
]

function noteLeftOut({ ingress }: IngressPlan, joining: Joining): void {
  const keys = LEFT_OUT.map((name) => `${PREFIX}${name}`)
  for (const key of keys.filter((name) => ingress.annotations.has(name))) {
    note(joining, ingress, ['metadata', 'annotations', key], {
      severity: 'warning',
      code: 'catch-all-without-redirect',
      message:
        'an Ingress without rules answers for all hosts that nobody named, and is not redirected or rewritten',
      fix: 'write a rule with the host and the path that it is meant for',
    })
  }
}

function location(plan: IngressPlan, backend: IngressBackend, joining: Joining): Location | Destination {
  const destination = destinationOf(backend, plan, joining)
  if (destination === undefined) return joining.globalDefault
  const { namespace, name } = plan.ingress
  return {
    path: '/',
    type: 'prefix',
    id: `${namespace}/${name}/*/(default)`,
    plan,
    destination,
    ...emergencyBackends(plan, joining).of(destination),
    origin: plan.ingress.ref,
    field: ['spec', 'defaultBackend'],
  }
}
