import { noteAt } from '@postern/control-plane'
import { matchWorkloads, selectorOf } from '../../world/read-world.ts'
import type { Rule } from '../rule.ts'

/** A Service whose selector finds no Pod, where Pods are among the manifests of its namespace. */
export const servicePods: Rule = ({ world }) =>
  [...world.objects.services.values()].flatMap((service) => {
    const selector = selectorOf(service)
    const neighbours = world.workloads.filter(({ ref }) => ref.namespace === service.namespace)
    const hasSlice = world.objects.slices.has(`${service.namespace}/${service.name}`)
    if (selector === undefined || neighbours.length === 0 || hasSlice) return []
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
