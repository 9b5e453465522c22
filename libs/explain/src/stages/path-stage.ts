import { indexPaths } from '@postern/data-plane'
import type { PathMatch, Route, VirtualHost } from '@postern/routing-table'
import { nameOf, placeOf, type Detail, type Stage } from '../explanation.ts'
import type { Subject } from '../subject.ts'

const SHOWN = 12

/** The routes of the host in matching order, and why each that came first or fits as well lost. */
export function pathStage(host: VirtualHost, path: string, winner: Route, subject: Subject): Stage {
  const index = host.routes.findIndex(({ id }) => id === winner.id)
  const candidates = host.routes.map((route, at): Candidate => {
    const text = `${formatPath(route.path)} ${route.origin.kind === 'Ingress' ? `of ${nameOf(route.origin)}` : ''}`
    const place = placeOf(route.origin)
    if (at === index)
      return { rank: 0, detail: { mark: 'won', text: `${text}${slashNote(route)}`, ...place } }
    const fits = indexPaths([route.path])(path) !== undefined
    const why = fits ? laterReason(route, winner) : whyNot(route.path, path)
    const rank = fits ? 1 : isNear(route.path, path) ? 2 : 3 + Math.abs(at - index)
    return { rank, detail: { mark: 'lost', text: `${text}: ${why}`, ...place } }
  })
  const takeOver = regexTakeOver(host, subject)
  return {
    stage: 'path',
    decision:
      index < 0
        ? `no path of ${host.host} fits ${path}; the default backend answers`
        : `${path} → ${formatPath(winner.path)}`,
    details: [...takeOver, ...mostTelling(candidates)],
  }
}

interface Candidate {
  /** The lower, the more it tells. */
  readonly rank: number
  readonly detail: Detail
}

/** A host may have hundreds of paths: those that fit as well, or nearly, tell more than the winner's neighbours. */
function mostTelling(candidates: readonly Candidate[]): readonly Detail[] {
  const details = candidates.map(({ detail }) => detail)
  if (candidates.length <= SHOWN) return details
  const ranked = [...candidates].sort((a, b) => a.rank - b.rank).slice(0, SHOWN)
  const shown = new Set(ranked.map(({ detail }) => detail))
  const rest = candidates.length - SHOWN
  return [
    ...details.filter((detail) => shown.has(detail)),
    { mark: 'note', text: `and ${String(rest)} paths more` },
  ]
}

/** Somebody may have meant it: the beginning is the same, but for case or the end of a segment. */
function isNear({ kind, value }: PathMatch, path: string): boolean {
  return kind !== 'regex' && value !== '/' && path.toLowerCase().startsWith(value.toLowerCase())
}

function slashNote(route: Route): string {
  return route.id.endsWith('#slash') ? ': the path lacks the slash at its end, which the rule has' : ''
}

function laterReason(route: Route, winner: Route): string {
  if (route.path.kind === winner.path.kind && route.path.value.length < winner.path.value.length)
    return 'it fits too, but is shorter'
  if (winner.path.kind === 'exact') return 'it fits too, but an exact path comes first'
  return 'it fits too, but comes later'
}

/** Why a path does not fit, in words. */
export function whyNot(match: PathMatch, path: string): string {
  const { value } = match
  if (match.kind === 'regex') return `the expression does not match ${path} from its start`
  if (
    path.toLowerCase() === value.toLowerCase() ||
    path.toLowerCase().startsWith(`${value.toLowerCase()}/`)
  ) {
    if (match.kind === 'exact' && path.startsWith(`${value}/`)) return 'it is exact: nothing may follow'
    return 'letters are compared with regard to case'
  }
  if (match.kind === 'exact')
    return value === `${path}/` || `${value}/` === path
      ? 'it is exact: the slash at the end counts'
      : `${path} is another path`
  if (path.startsWith(value)) return `a prefix covers whole segments, and ${path} goes on within one`
  return `${path} does not begin with it`
}

export function formatPath({ kind, value }: PathMatch): string {
  return kind === 'regex' ? `regex ^${value}` : `${kind} ${value}`
}

/** Why the paths of a host are regular expressions. */
function regexTakeOver(host: VirtualHost, { world, settings }: Subject): readonly Detail[] {
  if (settings.compat !== 'ingress-nginx' || !host.routes.some(({ path }) => path.kind === 'regex')) return []
  const prefix = 'nginx.ingress.kubernetes.io/'
  for (const ingress of world.objects.ingresses.values()) {
    if (!ingress.rules.some((rule) => (rule.host ?? '*') === host.host)) continue
    const key = ['use-regex', 'rewrite-target'].find((name) => ingress.annotations.has(prefix + name))
    if (key === undefined || ingress.annotations.get(prefix + key) === 'false') continue
    const at = ingress.manifest.at?.(['metadata', 'annotations', prefix + key])
    const text = `${key} of ${nameOf(ingress.ref)} makes all paths of this host regular expressions: without regard to case, open at the end, longest text first`
    return [{ mark: 'note', text, ...placeOf({ ...ingress.ref, ...at }) }]
  }
  return []
}
