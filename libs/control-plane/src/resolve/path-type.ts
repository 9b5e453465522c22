import type { IngressPath } from '../parse/ingress.ts'
import { note, type Joining } from './joining.ts'
import type { Location } from './model.ts'
import type { IngressPlan } from './plan-ingress.ts'

const PLAIN = /^[A-Za-z0-9._\-/]*$/

/**
 * What a path type means. ingress-nginx turns ImplementationSpecific into Prefix; its regular expressions are a matter of
 * the whole host and come later. In `spec` mode an ImplementationSpecific path with use-regex, or with a rewrite that
 * uses captures, is a regular expression by itself.
 */
export function readPathType(path: IngressPath, plan: IngressPlan, joining: Joining): Location['type'] {
  if (joining.settings.compat === 'ingress-nginx') {
    if (path.type !== 'ImplementationSpecific' && !PLAIN.test(path.path)) noteOddPath(path, plan, joining)
    return path.type === 'Exact' ? 'exact' : 'prefix'
  }
  if (path.type === 'Exact') return 'exact'
  const { useRegex, target } = plan.settings.rewrite
  const wantsRegex = useRegex || /\$\d/.test(target ?? '')
  if (path.type === 'Prefix') {
    if (wantsRegex && !PLAIN.test(path.path)) noteLiteralPrefix(path, plan, joining)
    return 'prefix'
  }
  return wantsRegex ? 'regex' : 'prefix'
}

// ingress-nginx's admission webhook (strict-validate-path-type, on since 1.12); its controller still serves old objects.
function noteOddPath(path: IngressPath, plan: IngressPlan, joining: Joining): void {
  note(joining, plan.ingress, [...path.field, 'path'], {
    severity: 'warning',
    code: 'path-characters',
    message: `pathType ${path.type} allows letters, digits and . _ - / only; ingress-nginx refuses to admit this path since 1.12`,
    fix: 'write pathType: ImplementationSpecific',
  })
}

function noteLiteralPrefix(path: IngressPath, plan: IngressPlan, joining: Joining): void {
  note(joining, plan.ingress, [...path.field, 'pathType'], {
    severity: 'warning',
    code: 'prefix-is-literal',
    message: 'with --compat spec a Prefix is compared letter by letter, so this is no regular expression',
    fix: 'write pathType: ImplementationSpecific',
  })
}
