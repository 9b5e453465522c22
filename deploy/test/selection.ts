// Who selects whom, among the objects of one rendering.
import { namespaceOf, selects, type KubeObject, type Labels, type Workload } from './kube-object.ts'

/** The label of our own in every selector (D10). */
export const PART_OF = 'app.kubernetes.io/part-of'

export const servicesOf = (objects: readonly KubeObject[]): readonly KubeObject[] =>
  objects.filter(({ kind }) => kind === 'Service')

/** The selector of a Service or of a Deployment. */
export const selectorOf = (object: KubeObject): Labels =>
  object.spec?.selector?.matchLabels ?? object.spec?.selector ?? {}

export function selectedBy(service: KubeObject, workloads: readonly Workload[]): readonly Workload[] {
  return workloads.filter(
    ({ namespace, labels }) => namespace === namespaceOf(service) && selects(selectorOf(service), labels),
  )
}
