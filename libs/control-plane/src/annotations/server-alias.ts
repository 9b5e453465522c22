import { parseHostPattern, type HostPattern } from '@postern/routing-table'
import { annotationFeature, key } from './feature.ts'
import type { ParseValue } from './value.ts'

export interface ServerAliases {
  readonly names: readonly HostPattern[]
  /** Entries that are no names. Their neighbours stay in force: nginx too takes each for itself. */
  readonly odd: readonly string[]
}

const aliases: ParseValue<ServerAliases> = (value) => {
  const entries = value
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
  const names = entries.flatMap((entry) => parseHostPattern(entry) ?? [])
  return {
    names: [...new Set(names)],
    odd: entries.filter((entry) => parseHostPattern(entry) === undefined),
  }
}

export const serverAlias = annotationFeature({
  name: 'Aliases',
  docs: 'More names for the hosts of the Ingress. A host that has rules of its own keeps them.',
  keys: {
    'server-alias': key(aliases, {
      default: { names: [], odd: [] },
      defaultText: 'none',
      meaning: 'Names, separated by commas.',
      verdict: {
        kind: 'differs',
        how: 'nginx’s regular expressions (~^…) are left out; names beside them are in force',
      },
    }),
  },
  read: (v): ServerAliases => v['server-alias'],
})
