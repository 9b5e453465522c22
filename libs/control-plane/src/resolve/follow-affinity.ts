import type { HostDrafts } from './hosts.ts'
import type { Joining } from './joining.ts'
import type { Destination, Location } from './model.ts'

/**
 * A Service has one affinity cookie, and only paths of Ingresses that ask for it set it; other paths that lead to the
 * Service follow a cookie that the client has already (ingress-nginx, sticky.lua should_set_cookie).
 */
export function followAffinity(hosts: HostDrafts, joining: Joining): void {
  if (!joining.backends.hasAffinity) return
  for (const draft of hosts.values()) {
    for (const [index, location] of draft.locations.entries())
      draft.locations[index] = followed(location, joining)
    if (draft.fallback) draft.fallback = followed(draft.fallback, joining)
  }
}

export function followed<T extends Location | Destination>(to: T, { backends }: Joining): T {
  if (!('destination' in to) || to.destination.kind !== 'backend') return to
  if (to.plan.settings.affinity.cookie !== undefined) return to
  const ids = [to.destination.id, ...(to.canary ? [to.canary.backend] : [])]
  const sticky = ids.some((id) => backends.useOf(id).affinity !== undefined)
  return sticky ? { ...to, affinityCookie: 'followed' } : to
}
