import type { Backend, BackendId } from '@postern/routing-table'
import type { Rehearsal } from '@postern/data-plane'
import { placeOf, type Detail, type Stage } from '../explanation.ts'
import { addressesOf } from '../outcome.ts'
import type { Subject } from '../subject.ts'
import { matchWorkloads, selected, selectorOf } from '../world/read-world.ts'
import { text } from './describe-filter.ts'

/** The Service, its port and the port behind it; canary decision included. */
export function backendStage(
  { route, canary }: Rehearsal,
  id: BackendId,
  share: number,
  subject: Subject,
): Stage {
  const { target } = route
  const details: Detail[] = []
  if (target.kind === 'backend' && target.canary !== undefined) {
    const { weight, weightTotal, origin } = target.canary
    const percent = `${String(Math.round(share * 100))} %`
    const how = canary?.byWeight
      ? `by weight ${String(weight)} of ${String(weightTotal)}: ${percent} go here`
      : 'by header or cookie'
    details.push({
      mark: 'note',
      text: `canary ${target.canary.backend} of ${origin.namespace}/${origin.name}: ${how}`,
      ...placeOf(origin),
    })
  }
  if (target.kind === 'backend' && target.whenEmpty === id && target.backend !== id)
    details.push({
      mark: 'note',
      text: `${target.backend} has no ready endpoint, so its default-backend stands in`,
    })
  return { stage: 'backend', decision: `Service ${id}`, details: [...details, ...portDetails(id, subject)] }
}

/** The Service's port and the port behind it. */
export function portDetails(id: BackendId, { world }: Subject): readonly Detail[] {
  const [namespace = '', name = '', port = ''] = id.split('/')
  const service = world.objects.services.get(`${namespace}/${name}`)
  if (service === undefined) return [{ mark: 'note', text: `there is no Service ${namespace}/${name} here` }]
  const found = service.ports.find(
    (one) => String(one.port) === port || String(one.targetPort) === port || one.name === port,
  )
  // Its name is looked up elsewhere, where ports are not declared: the number of the Ingress is taken.
  if (found === undefined && service.type === 'ExternalName' && /^\d+$/.test(port))
    return [{ mark: 'passed', text: `port ${port}, as the Ingress says`, ...placeOf(service.ref) }]
  if (found === undefined)
    return [{ mark: 'lost', text: `the Service has no port ${port}`, ...placeOf(service.ref) }]
  const label = found.name === undefined ? String(found.port) : `${String(found.port)} (${found.name})`
  const at = service.manifest.at?.(found.field)
  return [
    {
      mark: 'passed',
      text: `port ${label} → targetPort ${String(found.targetPort)}`,
      ...placeOf({ ...service.ref, ...at }),
    },
  ]
}

/** Endpoints that are in, and why others are out. */
export function endpointStage(backend: Backend, subject: Subject): Stage {
  const provenance = subject.compiled.provenance.backends.find((one) => one.backend === backend.id)
  const addresses = addressesOf(backend)
  const pods = new Map(backend.endpoints.map((one) => [`${one.address}:${String(one.port)}`, one.pod]))
  const details: Detail[] = addresses.map((address) => {
    const pod = pods.get(address)
    return { mark: 'passed', text: pod === undefined ? address : `${address} (Pod ${pod})` }
  })
  for (const { address, pod, reason } of provenance?.excluded ?? [])
    details.push({ mark: 'lost', text: `${address}${pod === undefined ? '' : ` (Pod ${pod})`}: ${reason}` })
  details.push(...podDetails(backend.id, subject))
  const source = provenance === undefined ? '' : `, from ${SOURCES[provenance.source]}`
  const decision =
    addresses.length === 0 ? 'none, so this answers 503' : `${String(addresses.length)} ready${source}`
  return { stage: 'endpoints', decision, details }
}

const SOURCES = {
  'endpoint-slices': 'EndpointSlices',
  'cluster-ip': 'the Service’s own address',
  'external-name': 'externalName, looked up while serving',
  map: '--map',
  'service-dns': '--service-dns, looked up while serving',
  none: 'nowhere',
} as const

/** Pods and their makers that the Service finds, or fails to find by a label. */
function podDetails(id: BackendId, { world }: Subject): readonly Detail[] {
  const [namespace = '', name = ''] = id.split('/')
  const service = world.objects.services.get(`${namespace}/${name}`)
  if (service === undefined || selectorOf(service) === undefined) return []
  const found = selected(service, world.workloads)
  const near = found.length > 0 ? [] : matchWorkloads(service, world.workloads)
  return [
    ...found.map((one): Detail => {
      const what = `${one.ref.kind} ${one.ref.name} carries the labels of the selector`
      return one.notReady === undefined
        ? { mark: 'note', text: what, ...placeOf(one.ref) }
        : { mark: 'lost', text: `${what}, but is ${one.notReady}`, ...placeOf(one.ref) }
    }),
    ...near.map(({ workload, missing }): Detail => ({
      mark: 'lost',
      text: `${workload.ref.kind} ${workload.ref.name}: label ${missing.join(', ')} missing`,
      ...placeOf(workload.ref),
    })),
  ]
}

export function balancingStage({ balance, affinity, endpoints }: Backend): Stage {
  const how =
    balance.kind === 'hash'
      ? `consistent hash of ${text(balance.key)}`
      : { 'round-robin': 'one after the other', ewma: 'the quicker of two, by peak latency' }[balance.kind]
  const sticky = affinity === undefined ? '' : `; cookie ${affinity.name} keeps a client with its endpoint`
  const decision = endpoints.length === 1 ? `one endpoint, nothing to choose${sticky}` : how + sticky
  return { stage: 'balancing', decision, details: [] }
}
