import type { Ingress } from '@postern/control-plane'
import { nameOf } from '../explanation.ts'
import type { World } from './read-world.ts'
import { asObject, refOf } from './workload.ts'

// https://cert-manager.io/docs/usage/ingress/#supported-annotations
const ASKING = ['cert-manager.io/cluster-issuer', 'cert-manager.io/issuer', 'kubernetes.io/tls-acme']

/**
 * What makes a cert-manager fill this Secret where it runs: an annotation of the Ingress, or a Certificate. Such a Secret
 * is in no file, and is missing in none.
 */
export function madeByCertManager(
  { annotations, namespace }: Ingress,
  secretName: string,
  { manifests }: World,
): string | undefined {
  const annotation = ASKING.find((key) => annotations.has(key) && annotations.get(key) !== 'false')
  if (annotation !== undefined) return `annotation ${annotation}`
  for (const manifest of manifests) {
    const ref = refOf(manifest)
    const isAsked =
      ref.kind === 'Certificate' &&
      ref.namespace === namespace &&
      asObject(manifest.content['spec'])['secretName'] === secretName
    if (isAsked) return `Certificate ${nameOf(ref)}`
  }
  return undefined
}
