import type { CanariesByMain } from './canaries.ts'
import type { HostDrafts } from './hosts.ts'
import { note, type Joining } from './joining.ts'
import type { Destination, Location } from './model.ts'

/**
 * Gives a canary to every path that leads to the same Service and port, on all hosts. ingress-nginx knows backends by these
 * two (internal/ingress/controller, mergeAlternativeBackend), so its canaries belong to backends, not to paths. Returns
 * what answers where no host fits, with its canary.
 */
export function spreadCanaries<T extends Location | Destination>(
  byMain: CanariesByMain,
  hosts: HostDrafts,
  fallback: T,
  joining: Joining,
): T {
  if (byMain.size === 0 || joining.settings.compat === 'spec') return fallback
  for (const draft of hosts.values()) {
    for (const [index, location] of draft.locations.entries()) {
      const reached = withCanary(location, byMain)
      if (reached === location) continue
      draft.locations[index] = reached
      tell(`${draft.host}${location.path}`, reached, joining)
    }
    if (draft.fallback) draft.fallback = withCanary(draft.fallback, byMain)
  }
  return withCanary(fallback, byMain)
}

function withCanary<T extends Location | Destination>(to: T, byMain: CanariesByMain): T {
  if (!('destination' in to) || to.destination.kind !== 'backend' || to.canary !== undefined) return to
  const canary = byMain.get(to.destination.id)
  return canary === undefined ? to : { ...to, canary }
}

function tell(where: string, { plan, field, canary }: Location, joining: Joining): void {
  if (canary === undefined) return
  note(joining, plan.ingress, field, {
    severity: 'info',
    code: 'canary-of-service',
    message: `the canary ${canary.origin.namespace}/${canary.origin.name} holds for ${where} too, because it leads to the same Service and port`,
    fix: 'give this path a Service of its own, if it is meant to have no canary',
  })
}
