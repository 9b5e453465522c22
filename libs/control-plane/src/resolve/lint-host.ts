import { takesOver } from './takes-over.ts'
import type { HostDraft } from './hosts.ts'
import { whyNotLinear } from '../annotations/regex.ts'
import { note, placeOf, type Joining } from './joining.ts'
import type { Location } from './model.ts'

/** What surprises people about the paths of one host. */
export function lintHost({ host, locations }: HostDraft, joining: Joining): void {
  const compat = joining.settings.compat === 'ingress-nginx'
  const culprit = compat ? locations.find(takesOver) : undefined
  const told = new Set<unknown>()
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
        message: `use-regex or rewrite-target of ${placeOf(culprit.plan.ingress)} makes every path of ${host} a regular expression: without regard to case, open at its end, longest text first`,
      })
    }
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

function isTakenOver(location: Location, culprit: Location): boolean {
  return location.plan !== culprit.plan && !takesOver(location) && location.path !== '/'
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
