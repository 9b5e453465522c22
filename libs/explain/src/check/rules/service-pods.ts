import { noteAt, type Manifest } from '@postern/control-plane'
import { matchWorkloads, selectorOf } from '../../world/read-world.ts'
import { refOf } from '../../world/workload.ts'
import type { Rule } from '../rule.ts'

/** A Service whose selector finds no Pod, where Pods are among the manifests of its namespace. */
export const servicePods: Rule = ({ world }) =>
  [...world.objects.services.values()].flatMap((service) => {
    const selector = selectorOf(service)
    const neighbours = world.workloads.filter(({ ref }) => ref.namespace === service.namespace)
    const hasSlice = world.objects.slices.has(`${service.namespace}/${service.name}`)
    if (selector === undefined || neighbours.length === 0 || hasSlice) return []
    if (isMadeByOperator(selector, service.namespace, world.manifests)) return []
    const [best] = matchWorkloads(service, world.workloads)
    if (best?.missing.length === 0) return []
    const wanted = Object.entries(selector).map(([key, value]) => `${key}=${value}`)
    const message =
      best === undefined
        ? `no Pod of namespace ${service.namespace} carries ${wanted.join(', ')}, so this Service has no endpoints`
        : `${best.workload.ref.kind} ${best.workload.ref.name} lacks the label ${best.missing.join(', ')}, so this Service has no endpoints`
    const fix =
      best === undefined
        ? 'correct the selector'
        : 'add the label to the Pods, or take it out of the selector'
    // A bare Pod is labelled by hand while it runs (kubectl label), to bring it in or take it out: that may be meant.
    const severity = best?.workload.ref.kind === 'Pod' ? 'info' : 'error'
    const note = { severity, code: 'service-without-pods', message, fix } as const
    return [noteAt(service.manifest, service.ref, ['spec', 'selector'], note)]
  })

/**
 * An operator makes the Pods of its custom resources (a Prometheus, a Kafka, a Postgres cluster), and labels them with the
 * name of the resource: under its kind, or under a key of its own domain.
 */
function isMadeByOperator(
  selector: Readonly<Record<string, string>>,
  namespace: string,
  manifests: readonly Manifest[],
): boolean {
  const labels = Object.entries(selector)
  return manifests.some((manifest) => {
    const ref = refOf(manifest)
    if (ref.namespace !== namespace || !CUSTOM.test(String(manifest.content['apiVersion']))) return false
    return labels.some(
      ([key, value]) => value === ref.name && (key === ref.kind.toLowerCase() || OWN_DOMAIN.test(key)),
    )
  })
}

// Kubernetes' own groups have no domain, or this one.
const CUSTOM = /^(?![^/]*\.k8s\.io\/)[^/]+\.[^/]+\//
const OWN_DOMAIN = /^(?!app\.kubernetes\.io\/)[^/]+\.[^/]+\//
