import { ANY_HOST, type HostPattern } from '@postern/routing-table'
import { PREFIX } from '../annotations/features.ts'
import type { HostDraft, HostDrafts } from './hosts.ts'
import { note, type Joining } from './joining.ts'

/** Names that a host answers to as well, with who said so. */
export type Aliases = ReadonlyMap<HostPattern, HostDraft>

/**
 * More names for a host (`server-alias`). A host with rules of its own cannot be taken over, and of two that want one
 * name the first has it.
 */
export function addAliases(hosts: HostDrafts, joining: Joining): Aliases {
  const aliases = new Map<HostPattern, HostDraft>()
  for (const host of [...hosts.values()]) {
    if (host.host === ANY_HOST) continue
    for (const plan of host.plans) {
      for (const alias of plan.settings.serverAlias.names) {
        const owner = hosts.get(alias) ?? aliases.get(alias)
        if (owner === undefined) aliases.set(alias, host)
        else if (owner !== host && !isSibling(owner, plan.ingress.rules)) {
          const reason =
            owner.host === alias ? 'it has rules of its own' : `it is an alias of ${owner.host} already`
          const winner = owner.plans[0]?.ingress.ref ?? plan.ingress.ref
          joining.lost.push({ what: 'server-alias', host: alias, winner, loser: plan.ingress.ref, reason })
          note(joining, plan.ingress, ['metadata', 'annotations', `${PREFIX}server-alias`], {
            severity: 'warning',
            code: 'alias-conflict',
            message: `${alias} is not made an alias: ${reason}`,
            fix: 'remove it from the list',
          })
        }
      }
    }
  }
  for (const [alias, { plans, locations, fallback }] of aliases) {
    hosts.set(alias, { host: alias, plans, locations, ...(fallback && { fallback }) })
  }
  return aliases
}

/** An Ingress with several hosts gives its alias to the first of them. */
function isSibling(owner: HostDraft, rules: readonly { readonly host?: HostPattern }[]): boolean {
  return rules.some((rule) => rule.host === owner.host)
}
