import { takesOver } from './takes-over.ts'
import type { HostDraft } from './hosts.ts'
import { whyNotLinear } from '../annotations/regex.ts'
import { note, placeOf, type Joining } from './joining.ts'
import { noteLostCaptures } from './lint-rewrite.ts'
import type { Location } from './model.ts'

/** What surprises people about the paths of one host. */
export function lintHost({ host, locations }: HostDraft, joining: Joining): void {
  const compat = joining.settings.compat === 'ingress-nginx'
  const culprit = compat ? locations.find(takesOver) : undefined
  const told = new Set<unknown>()
  if (compat && culprit === undefined) noteFolders(locations, joining)
  for (const location of locations) {
    const { plan, path, type } = location
    const isRegex = culprit !== undefined || type === 'regex'
    const reason = isRegex && path !== '/' ? whyNotLinear(path) : undefined
    if (reason !== undefined) noteBadRegex(location, reason, joining)
    else if (culprit !== undefined && isTakenOver(location, culprit) && !told.has(plan)) {
      told.add(plan)
      at(location, joining, {
        severity: 'info',
        code: 'regex-host',
        message: `use-regex or rewrite-target of ${placeOf(culprit.plan.ingress)} makes every path of ${host} a regular expression: without regard to case, open at its end (${path} also meets ${path}bar), longest text first`,
      })
    }
    if (isRegex && reason === undefined) noteLostCaptures(location, joining)
    if (path.includes('%')) {
      at(location, joining, {
        severity: 'warning',
        code: 'path-with-escape',
        message: 'paths are compared with the decoded path of a request, in which %-escapes no longer stand',
        fix: 'write the character itself',
      })
    }
  }
}

/** What a trailing slash does with nginx: a redirect, or two locations of one name. */
function noteFolders(locations: readonly Location[], joining: Joining): void {
  const redirecting = new Map<Location['plan'], Location[]>()
  for (const location of locations) {
    const { path, type } = location
    if (path.length === 1 || !path.endsWith('/')) continue
    const bare = path.slice(0, -1)
    const neighbours = locations.filter((other) => other.path === bare)
    if (neighbours.length === 0)
      redirecting.set(location.plan, [...(redirecting.get(location.plan) ?? []), location])
    else if (type === 'prefix' && neighbours.some((other) => other.type === 'prefix')) {
      at(location, joining, {
        severity: 'warning',
        code: 'folder-twice',
        message: `${bare} and ${path} are one folder, which nginx refuses to have twice; what is below it goes to the older one`,
        fix: 'keep one of them',
      })
    }
  }
  for (const folders of redirecting.values()) noteRedirects(folders, joining)
}

/** Once for an Ingress: a chart that writes one path so writes them all so. */
function noteRedirects([first, ...others]: readonly Location[], joining: Joining): void {
  if (first === undefined) return
  const bare = [first, ...others].map(({ path }) => path.slice(0, -1))
  const what =
    others.length === 0
      ? `a request for ${bare.join()} is redirected to ${first.path} (301), as nginx does; --compat spec serves it`
      : `requests for ${bare.join(', ')} are each redirected to the same with a slash (301), as nginx does; --compat spec serves them`
  at(first, joining, { severity: 'info', code: 'trailing-slash', message: what })
}

const PLAIN = /^[\w/-]+$/

/** A path that was hardly meant as an expression: of another Ingress, or without any special character. */
function isTakenOver(location: Location, culprit: Location): boolean {
  if (location.path === '/') return false
  return PLAIN.test(location.path) || (location.plan !== culprit.plan && !takesOver(location))
}

function noteBadRegex(location: Location, reason: string, joining: Joining): void {
  at(location, joining, {
    code: 'path-regex',
    message: `${JSON.stringify(location.path)} is no usable regular expression, so this path answers 503: ${reason}`,
    fix: 'write it without look-around and back-references',
  })
}

function at({ plan, field }: Location, joining: Joining, finding: Parameters<typeof note>[3]): void {
  note(joining, plan.ingress, [...field, 'path'], finding)
}
