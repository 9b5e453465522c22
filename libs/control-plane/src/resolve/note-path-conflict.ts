import type { HostPattern } from '@postern/routing-table'
import type { Ingress, IngressPath } from '../parse/ingress.ts'
import { ruleRef } from './rule-ref.ts'
import { note, placeOf, type Joining } from './joining.ts'
import type { Location } from './model.ts'

/** Two paths of one host say the same: the first has it, and the other is told why. */
export function notePathConflict(
  host: HostPattern,
  path: IngressPath,
  loser: Ingress,
  rival: Location,
  joining: Joining,
): void {
  const winner = rival.plan.ingress
  const reason = whyFirst(winner, loser)
  joining.lost.push({
    what: 'path',
    host,
    path: path.path,
    winner: rival.origin,
    loser: ruleRef(loser, path),
    reason,
  })
  note(joining, loser, [...path.field, 'path'], {
    severity: 'warning',
    code: 'path-conflict',
    message:
      winner === loser
        ? `this Ingress names ${host}${path.path} (${path.type}) twice; the first is in force`
        : `${host}${path.path} (${path.type}) belongs to ${placeOf(winner)}: ${reason}; this path is not in force`,
    fix:
      winner === loser || areDated(winner, loser)
        ? 'keep one of them'
        : 'keep one of them; in a cluster the older one wins',
  })
}

function whyFirst(winner: Ingress, loser: Ingress): string {
  if (winner === loser) return 'it stands first'
  if (areDated(winner, loser)) return 'it is older'
  return winner.createdAt === loser.createdAt
    ? 'both are of the same age, so the later name in the alphabet wins'
    : 'it has no creationTimestamp, which counts as the oldest'
}

/** Files mostly have no age; one that was exported from a cluster has, and may stand beside one that was not. */
function areDated(winner: Ingress, loser: Ingress): boolean {
  return winner.createdAt !== undefined && winner.createdAt !== loser.createdAt
}
