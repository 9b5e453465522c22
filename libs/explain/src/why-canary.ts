import type { Ingress, IngressPath } from '@postern/control-plane'
import { indexPaths } from '@postern/data-plane'
import { nameOf, placeOf, type Finding } from './explanation.ts'
import type { Decided } from './why.ts'

/** Somebody wrote a canary for this host, and nobody is ever sent there. */
export function idleCanary(decided: Decided): readonly Finding[] {
  const { subject, host, rehearsal } = decided
  const { target } = rehearsal.route
  const active = target.kind === 'backend' ? target.canary?.origin : undefined
  return subject.compiled.diagnostics.flatMap(({ code, object, message, fix, file, line, field }) => {
    if (!IDLE.has(code) || object === undefined) return []
    const ingress = subject.world.objects.ingresses.get(nameOf(object))
    if (!ingress?.rules.some((rule) => (rule.host ?? '*') === host?.host)) return []
    const idle = ruleAt(field, ingress)?.path
    // Another of its paths is at work here.
    const takesPart = code !== NOBODY && active !== undefined && nameOf(active) === nameOf(object)
    if (takesPart && (idle === undefined || !isCovered(decided.path, idle))) return []
    const what = takesPart && idle !== undefined ? `Path ${idle} of the canary` : 'The canary'
    const sentence = `${what} ${nameOf(object)} takes no part, because ${message}${fix === undefined ? '' : `: ${fix}`}.`
    const place = placeOf({ ...object, ...(file && { file }), ...(line && { line }) })
    return [{ code: 'canary-shadow', sentence, ...place }]
  })
}

/** A canary of another path, which holds here because both lead to the same Service: hardly anybody expects that. */
export function borrowedCanary({ subject, rehearsal }: Decided): readonly Finding[] {
  const { origin } = rehearsal.route
  const ingress = subject.world.objects.ingresses.get(nameOf(origin))
  return subject.compiled.diagnostics.flatMap(({ code, object, message, fix = '', field }) => {
    if (code !== 'canary-of-service' || ingress === undefined || object === undefined) return []
    const path = nameOf(object) === nameOf(origin) ? ruleAt(field, ingress) : undefined
    const line = path && ingress.manifest.at?.(path.field).line
    if (line === undefined || line !== origin.line) return []
    const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}: ${fix}.`
    return [{ code: 'canary-of-service', sentence, ...placeOf(origin) }]
  })
}

const NOBODY = 'canary-without-rule'
const IDLE = new Set(['canary-without-main', 'canary-is-main', 'canary-conflict', NOBODY])

/** The path that a finding is about, by its field `spec.rules[0].http.paths[1]`. */
function ruleAt(field: string | undefined, { rules }: Ingress): IngressPath | undefined {
  const [, rule, path] = /^spec\.rules\[(\d+)\]\.http\.paths\[(\d+)\]/.exec(field ?? '') ?? []
  return rules[Number(rule)]?.paths?.[Number(path)]
}

function isCovered(path: string, value: string): boolean {
  return indexPaths([{ kind: 'prefix', value }])(path) !== undefined
}
