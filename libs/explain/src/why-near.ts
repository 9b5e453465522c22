import type { PathMatch, Route, RoutingTable } from '@postern/routing-table'
import { nameOf, placeOf, type Finding } from './explanation.ts'
import { formatPath, whyNot } from './stages/path-stage.ts'
import type { Decided } from './why.ts'

/** No path fits, and one nearly does: it differs in case, in its end, or goes on within a segment. */
export function nearPath({ host, path }: Decided): readonly Finding[] {
  const near = host?.routes.find(({ path: rule }) => isNear(rule, path))
  if (near === undefined) return []
  const why = whyNot(near.path, path).replace(': ', ', ')
  const sentence = `The path ${formatPath(near.path)} of ${nameOf(near.origin)} does not cover ${path}, since ${why}: ${fixFor(near, path)}.`
  return [{ code: 'near-path', sentence, ...placeOf(near.origin) }]
}

function isNear({ kind, value }: PathMatch, path: string): boolean {
  const rule = value.replace(/\/$/, '')
  if (kind === 'regex' || rule === '') return false
  const isSameStart = `${path}/`.toLowerCase().startsWith(`${rule}/`.toLowerCase())
  return isSameStart || (kind === 'prefix' && path.startsWith(rule))
}

function fixFor({ path: { kind, value } }: Route, path: string): string {
  if (!path.startsWith(value.replace(/\/$/, ''))) return `write the path as clients do, or ask for ${value}`
  return kind === 'exact' ? 'write pathType: Prefix to cover what follows' : 'add a path for it'
}

/** A wildcard covers exactly one label: neither the bare domain nor two labels. */
export function nearWildcard(host: string, { hosts }: RoutingTable): string | undefined {
  const wildcard = hosts.find(({ host: one }) => one.startsWith('*.') && `.${host}`.endsWith(one.slice(1)))
  if (wildcard === undefined) return undefined
  const pattern = wildcard.host as string
  return host === pattern.slice(2)
    ? `${pattern} does not cover ${host} itself`
    : `${pattern} covers one label, and ${host} has more`
}

/** A path that is meant letter by letter, on a host whose paths are all regular expressions. */
export function openEnd({ host, rehearsal: { route }, path }: Decided): readonly Finding[] {
  const { kind, value } = route.path
  if (kind !== 'regex' || host === undefined || /[()[\]|*+?$^\\]/.test(value) || value.endsWith('/'))
    return []
  const isCovered = path === value || path.startsWith(`${value}/`)
  if (isCovered || !path.toLowerCase().startsWith(value.toLowerCase())) return []
  const sentence = `${path} meets ${value} of ${nameOf(route.origin)}, because use-regex or rewrite-target makes all paths of ${host.host} regular expressions, open at the end and without regard to case: write the path as ${value}(/|$)(.*), or keep patterns on a host of their own.`
  return [{ code: 'open-regex', sentence, ...placeOf(route.origin) }]
}
