import { parseHostPattern, type HostPattern } from '@postern/routing-table'
import { annotationFeature, key } from './feature.ts'
import { list, Refusal, type ParseValue } from './value.ts'

const alias: ParseValue<HostPattern> = (value) =>
  parseHostPattern(value) ??
  new Refusal('expected the name of a host, or *. and a name; regular expressions are not supported')

export const serverAlias = annotationFeature({
  name: 'Aliases',
  docs: 'More names for the hosts of the Ingress. A host that has rules of its own keeps them.',
  keys: {
    'server-alias': key(list(alias), {
      default: [],
      defaultText: 'none',
      meaning: 'Names, separated by commas.',
      verdict: { kind: 'differs', how: 'nginx’s regular expressions (~^…) are refused' },
    }),
  },
  read: (v): readonly HostPattern[] => [...new Set(v['server-alias'])],
})
