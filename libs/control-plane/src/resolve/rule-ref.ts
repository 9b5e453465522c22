import type { ObjectRef } from '@postern/routing-table'
import type { Ingress, IngressPath } from '../parse/ingress.ts'

const refs = new WeakMap<IngressPath, ObjectRef>()

/** Where a path stands in its file. */
export function ruleRef(ingress: Ingress, path: IngressPath): ObjectRef {
  let ref = refs.get(path)
  if (ref === undefined) refs.set(path, (ref = { ...ingress.ref, ...ingress.manifest.at?.(path.field) }))
  return ref
}
