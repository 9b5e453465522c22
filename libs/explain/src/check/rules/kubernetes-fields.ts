import { isPatch, noteAt, patchFiles, type Diagnostic, type Manifest } from '@postern/control-plane'
import type { ObjectRef } from '@postern/routing-table'
import { asObject } from '../../world/workload.ts'
import type { Rule } from '../rule.ts'
import { misfits } from '../schema/misfits.ts'
import { shapeOf } from '../schema/shape.ts'

/**
 * Fields that Kubernetes does not know, values of another type, and required fields that are missing, in all kinds that
 * people write. Where the compiler has spoken already, it knows better. A kind that is not Kubernetes' own is passed over.
 */
export const kubernetesFields: Rule = ({ world, compiled }) => {
  const spoken = new Set(compiled.diagnostics.map(placeOf))
  const patches = patchFiles(world.manifests)
  return world.manifests
    .flatMap((manifest) => {
      const { apiVersion, kind } = manifest.content
      const name = `${String(apiVersion)}/${String(kind)}`
      if (shapeOf(name)?.get('kind') === undefined) return []
      // A patch says only what it changes.
      const { file } = manifest
      const isPart = isPatch(manifest, patches) || (file !== undefined && /patch/i.test(file))
      return misfits(manifest.content, { kind: 'object', name })
        .filter(({ note }) => !(isPart && note.code === 'missing-field'))
        .map(({ path, note }) => noteAt(manifest, refOf(manifest), path, note))
    })
    .filter((diagnostic) => !spoken.has(placeOf(diagnostic)))
}

function placeOf({ file, line, column }: Diagnostic): string {
  return JSON.stringify([file, line, column])
}

const CLUSTER_WIDE = new Set([
  'ClusterRole',
  'ClusterRoleBinding',
  'IngressClass',
  'Namespace',
  'PersistentVolume',
])

function refOf({ content, file }: Manifest): ObjectRef {
  const { name, namespace } = asObject(content['metadata'])
  return {
    kind: String(content['kind']),
    namespace: CLUSTER_WIDE.has(String(content['kind']))
      ? ''
      : typeof namespace === 'string'
        ? namespace
        : 'default',
    name: typeof name === 'string' ? name : '(without name)',
    ...(file !== undefined && { file }),
  }
}
