import type { Service } from '@postern/control-plane'
import type { BackendId } from '@postern/routing-table'
import { nameOf, placeOf, type Finding } from './explanation.ts'
import type { Subject } from './subject.ts'
import { matchWorkloads, selectorOf } from './world/read-world.ts'

/** Why a backend has nobody to answer, and what to do. */
export function whyEmpty(id: BackendId, subject: Subject): Finding {
  const { world, compiled } = subject
  const [namespace = '', name = '', port = ''] = id.split('/')
  const key = `${namespace}/${name}`
  const service = world.objects.services.get(key)
  if (service === undefined) {
    const sentence = `There is no Service ${key}, so this answers 503: add it, or say where it lives with --map ${key}=HOST:PORT.`
    return { code: 'no-service', sentence }
  }
  const place = placeOf(service.ref)
  if (service.type === 'ExternalName') return whyNoExternal(id, service, subject)
  const known = service.ports.some((p) => [String(p.port), String(p.targetPort), p.name].includes(port))
  if (!known) {
    const ports = service.ports.map((p) =>
      p.name === undefined ? String(p.port) : `${String(p.port)} (${p.name})`,
    )
    const fix = ports.length === 0 ? 'give it ports' : `name one of its ports, ${ports.join(', ')}`
    const sentence = `Service ${key} has no port ${port}, so this answers 503: ${fix}.`
    return { code: 'port-name', sentence, ...place }
  }
  const [nearest] = matchWorkloads(service, world.workloads)
  if (nearest !== undefined && nearest.missing.length > 0) {
    const { ref } = nearest.workload
    const labels = nearest.missing.join(', ')
    const sentence = `Service ${key} has no endpoints, because its selector wants the label ${labels}, which ${ref.kind} ${ref.name} lacks: add the label to its Pods, or take it out of the selector.`
    return { code: 'label-missing', sentence, ...placeOf(ref) }
  }
  const excluded = compiled.provenance.backends.find((one) => one.backend === id)?.excluded ?? []
  if (excluded.length > 0) {
    const reasons = [...new Set(excluded.map(({ reason }) => reason))].join('; ')
    const sentence = `None of the ${String(excluded.length)} endpoints of Service ${key} can be used (${reasons}), so this answers 503: see why its Pods are not ready.`
    return { code: 'no-endpoints', sentence, ...place }
  }
  const wants = Object.entries(selectorOf(service) ?? {}).map(([label, value]) => `${label}=${value}`)
  const map = `say where it lives with --map ${key}=HOST:PORT`
  if (nearest !== undefined) {
    const { ref } = nearest.workload
    const sentence = `Service ${key} has no EndpointSlice here, since only a cluster makes one for ${ref.kind} ${ref.name}: ${map}, or explain it as in a cluster with --service-dns.`
    return { code: 'no-endpoints', sentence, ...place }
  }
  const what = wants.length === 0 ? '' : ` and no Pod here carries ${wants.join(', ')}`
  const sentence = `Service ${key} has no EndpointSlice here${what}, so this answers 503: give it endpoints, or ${map}.`
  return { code: 'no-endpoints', sentence, ...place }
}

/** An ExternalName has no endpoints to wait for: the compiler knows what is wrong with its name or port. */
function whyNoExternal(id: BackendId, { ref }: Service, { compiled }: Subject): Finding {
  const reason = compiled.provenance.backends.find((one) => one.backend === id)?.reason ?? 'it has no address'
  const fix = compiled.diagnostics.find(({ message }) => message === reason)?.fix ?? 'correct the Service'
  const who = reason.startsWith('Service') ? '' : `Service ${nameOf(ref)}: `
  const sentence = `${who}${reason} — ${fix}.`
  return { code: 'external-name', sentence, ...placeOf(ref) }
}
