import { dirname, join } from 'node:path'
import type { Manifest } from '@postern/control-plane'
import { asObject } from './workload.ts'

/** Files that a kustomization of the set names as patches: what stands in them is part of an object, and none itself. */
export function patchFiles(manifests: readonly Manifest[]): ReadonlySet<string> {
  const files = manifests.flatMap(({ content, file }) => {
    if (file === undefined) return []
    const { patches, patchesStrategicMerge } = content
    const named = [patches, patchesStrategicMerge].flatMap((list) =>
      Array.isArray(list) ? (list as unknown[]) : [],
    )
    const paths = named.map((one) => (typeof one === 'string' ? one : asObject(one)['path']))
    return paths.flatMap((path) => (typeof path === 'string' ? [join(dirname(file), path)] : []))
  })
  return new Set(files)
}
