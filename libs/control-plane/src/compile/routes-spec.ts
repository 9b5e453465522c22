import type { PathMatch } from '@postern/routing-table'
import { compareText } from '../diagnostic.ts'
import type { HostModel, Location } from '../resolve/model.ts'
import { toBytes, withoutTrailingSlash } from './normalise.ts'
import { regexOf } from './regex-of.ts'
import type { RouteDraft } from './routes-nginx.ts'

/**
 * As https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches has it: Exact before Prefix, the
 * longest prefix first, whole segments, with regard to case. Regular expressions, which it leaves to implementations,
 * stand among the prefixes by the length of their text.
 */
export function routesBySpec({ locations }: HostModel): readonly RouteDraft[] {
  return [...locations]
    .sort(order)
    .map((location) =>
      location.type === 'regex' ? regexDraft(location) : { location, match: match(location) },
    )
}

function regexDraft(location: Location): RouteDraft {
  const { text, denied } = regexOf(location.path)
  const value: PathMatch =
    denied === undefined
      ? { kind: 'regex', value: text, ignoreCase: false }
      : { kind: 'prefix', value: withoutTrailingSlash(text) }
  return { location, match: value, ...(denied !== undefined && { denied }) }
}

function order(a: Location, b: Location): number {
  return (
    rank(a) - rank(b) || length(b) - length(a) || kindRank(a) - kindRank(b) || compareText(a.path, b.path)
  )
}

function rank({ type }: Location): number {
  return type === 'exact' ? 0 : 1
}

function kindRank({ type, path }: Location): number {
  if (type !== 'regex') return 1
  return regexOf(path).denied === undefined ? 0 : 2
}

function length({ path, type }: Location): number {
  if (type === 'regex') return regexOf(path).text.length
  return type === 'prefix' ? withoutTrailingSlash(path).length : path.length
}

function match({ path, type }: Location): PathMatch {
  const value = toBytes(path)
  return type === 'exact' ? { kind: 'exact', value } : { kind: 'prefix', value: withoutTrailingSlash(value) }
}
