import { namespaceOf, selects, type KubeObject } from '../kube-object.ts'
import type { RunningPod } from './running-pod.ts'

/** A Service with the address that the cluster gave it, or an empty one. */
export interface PlacedService {
  readonly object: KubeObject
  readonly address: string
}

export const isHeadless = ({ spec }: KubeObject): boolean => spec?.clusterIP === 'None'

/** False for a headless Service, and for one that is only a name for something elsewhere. */
export const hasAddress = (object: KubeObject): boolean =>
  !isHeadless(object) && object.spec?.type !== 'ExternalName'

/** True for a Pod that the Service leads to: selected, ready, and not told to go. */
export function isEndpoint({ object }: PlacedService, { ready, leaving, workload }: RunningPod): boolean {
  const selector = object.spec?.selector ?? {}
  return ready && !leaving && workload.namespace === namespaceOf(object) && selects(selector, workload.labels)
}
