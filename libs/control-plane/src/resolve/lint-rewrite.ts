import { countGroups } from './count-groups.ts'
import { note, type Joining } from './joining.ts'
import type { Location } from './model.ts'

/** A rewrite to `/$2` on a path without a second group: nothing stands there, and the rest of the path is lost. */
export function noteLostCaptures({ plan, path, field }: Location, joining: Joining): void {
  const { target } = plan.settings.rewrite
  if (target === undefined || target === path) return
  const groups = countGroups(path)
  const lost = [...target.matchAll(/\$(\d)/g)].find(([, digit]) => Number(digit) > groups)
  if (lost === undefined) return
  note(joining, plan.ingress, [...field, 'path'], {
    severity: 'warning',
    code: 'rewrite-without-group',
    message: `rewrite-target ${target} names ${lost[0]}, and ${path} captures ${groups === 0 ? 'nothing' : `${String(groups)} only`}, so nothing stands in its place and the rest of the path is lost, as with ingress-nginx`,
    fix: `capture what is meant, as ${exampleOf(path)}(/|$)(.*) does for /$2, or give this path an Ingress of its own`,
  })
}

function exampleOf(path: string): string {
  const folder = path.replace(/\/$/, '')
  return /^(?:\/[\w-]+)+$/.test(folder) ? folder : '/app'
}
