import type { Ingress } from '@postern/control-plane'
import { indexPaths } from '@postern/data-plane'
import { nameOf, placeOf, type Finding } from './explanation.ts'
import type { Decided } from './why.ts'

/** Somebody wrote a canary for this host, and nobody is ever sent there. */
export function idleCanary(decided: Decided): readonly Finding[] {
  const { subject, host, rehearsal } = decided
  const { target } = rehearsal.route
  const active = target.kind === 'backend' ? target.canary?.origin : undefined
  return subject.compiled.diagnostics.flatMap(({ code, object, message, fix, file, line, field }) => {
    if (!code.startsWith('canary-') || object === undefined) return []
    const ingress = subject.world.objects.ingresses.get(nameOf(object))
    if (!ingress?.rules.some((rule) => (rule.host ?? '*') === host?.host)) return []
    const idle = pathAt(field, ingress)
    // Another of its paths is at work here.
    const takesPart = active !== undefined && nameOf(active) === nameOf(object)
    if (takesPart && (idle === undefined || !isCovered(decided.path, idle))) return []
    const what = takesPart && idle !== undefined ? `Path ${idle} of the canary` : 'The canary'
    const sentence = `${what} ${nameOf(object)} takes no part, because ${message}${fix === undefined ? '' : `: ${fix}`}.`
    const place = placeOf({ ...object, ...(file && { file }), ...(line && { line }) })
    return [{ code: 'canary-shadow', sentence, ...place }]
  })
}

/** The path that a finding is about, by its field `spec.rules[0].http.paths[1]`. */
function pathAt(field: string | undefined, { rules }: Ingress): string | undefined {
  const [, rule, path] = /^spec\.rules\[(\d+)\]\.http\.paths\[(\d+)\]/.exec(field ?? '') ?? []
  return rules[Number(rule)]?.paths?.[Number(path)]?.path
}

function isCovered(path: string, value: string): boolean {
  return indexPaths([{ kind: 'prefix', value }])(path) !== undefined
}
