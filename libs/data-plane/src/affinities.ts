import type { Backend, BackendId, VirtualHost } from '@postern/routing-table'
import type { Changes } from './changes.ts'

/** The cookie affinity of every backend that has one. */
export type Affinities = ReadonlyMap<BackendId, Backend['affinity']>

export function affinitiesAfter(before: Affinities, { gone, come }: Changes<Backend>): Affinities {
  const after = new Map(before)
  for (const { id } of gone) after.delete(id)
  for (const { id, affinity } of come) if (affinity !== undefined) after.set(id, affinity)
  return after
}

/**
 * The hosts that have to be prepared again though they are the same: a canary follows the affinity of its backend, which
 * stands outside the host.
 */
export function hostsThatFollow(
  hosts: readonly VirtualHost[],
  { gone, come }: Changes<Backend>,
  before: Affinities,
  after: Affinities,
): readonly VirtualHost[] {
  const ids = [...gone, ...come].map(({ id }) => id)
  const turned = new Set(ids.filter((id) => JSON.stringify(before.get(id)) !== JSON.stringify(after.get(id))))
  if (turned.size === 0) return []
  const follows = ({ target }: VirtualHost['routes'][number]): boolean =>
    target.kind === 'backend' && target.canary !== undefined && turned.has(target.backend)
  return hosts.filter(
    ({ routes, defaultRoute }) =>
      routes.some(follows) || (defaultRoute !== undefined && follows(defaultRoute)),
  )
}
