import { countGroups } from '@postern/control-plane'

export interface RewriteLoss {
  readonly code: 'rewrite-drops-path' | 'rewrite-group-missing'
  readonly message: string
  readonly fix: string
}

/**
 * A rewrite that loses part of the path, as nobody means it: no group where more may follow (since ingress-nginx 0.22 the
 * rest of the path is dropped), or a group that the pattern does not have and that is empty therefore.
 */
export function rewriteLoss(pattern: string, target: string): RewriteLoss | undefined {
  const asked = Math.max(0, ...[...target.matchAll(/\$(\d)/g)].map(([, digit]) => Number(digit)))
  const groups = countGroups(pattern)
  if (asked > groups)
    return {
      code: 'rewrite-group-missing',
      message: `rewrite-target ${target} takes $${String(asked)}, and the path ${pattern} has ${groups === 0 ? 'no group' : `only ${String(groups)}`}, so it is empty`,
      fix:
        groups === 0 ? groupFor(pattern, target) : `write $${String(groups)}, or add the group to the path`,
    }
  if (asked > 0 || groups > 0 || pattern.endsWith('$') || target.includes('://')) return undefined
  return {
    code: 'rewrite-drops-path',
    message: `rewrite-target ${target} without $1 sends every path that begins with ${pattern} as ${target}`,
    fix: groupFor(pattern, target),
  }
}

function groupFor(pattern: string, target: string): string {
  if (pattern === '/' && target === '/') return 'leave rewrite-target out, if nothing is to be rewritten'
  // The other paths of the Ingress have the same target: an empty group keeps their numbers.
  if (pattern === '/' && target.includes('$2'))
    return 'write the path as /()(.*) with pathType: ImplementationSpecific'
  if (/[()[\]|*+?$^\\]/.test(pattern))
    return 'put what shall arrive into a group of the path, as in /api/(.*), and write $1 in rewrite-target'
  const [path, group] = pattern === '/' ? ['/(.*)', '$1'] : [`${pattern.replace(/\/$/, '')}(/|$)(.*)`, '$2']
  const kept = target.replace(/\/?(?:\$\d.*)?$/, '')
  return `write the path as ${path} with pathType: ImplementationSpecific, and rewrite-target: ${kept}/${group}`
}
