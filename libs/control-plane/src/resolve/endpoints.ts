import { addressFamily } from '../address-family.ts'
import type { BackendId, Endpoint, ObjectRef } from '@postern/routing-table'
import { compareText } from '../diagnostic.ts'
import type { EndpointSlice } from '../parse/endpoint-slice.ts'
import type { Service, ServicePort } from '../parse/service.ts'
import type { BackendProvenance, ExcludedEndpoint } from '../provenance.ts'
import type { CompileSettings, ServiceMapping } from '../settings.ts'

export interface BackendAddress {
  readonly namespace: string
  readonly service: string
  /** Number, name, or what stands in targetPort. */
  readonly port: number | string
}

/** Where a Service can be reached, or why it cannot. */
export interface Reach {
  readonly endpoints: readonly Endpoint[]
  readonly dns?: { readonly name: string; readonly port: number }
  readonly source: BackendProvenance['source']
  readonly excluded: readonly ExcludedEndpoint[]
  /** Why there is nothing to connect to. */
  readonly problem?: { readonly code: string; readonly message: string; readonly fix?: string }
}

export interface Known {
  readonly service: Service | undefined
  readonly slices: readonly EndpointSlice[]
  readonly settings: CompileSettings
}

/** `namespace/service/port`. */
export function backendId({ namespace, service, port }: BackendAddress): BackendId {
  return `${namespace}/${service}/${port}` as BackendId
}

/**
 * The addresses behind a Service's port: `--map` first, since somebody typed it, then ExternalName, then the ready
 * endpoints of its EndpointSlices, then DNS with `--service-dns`.
 */
export function reach(address: BackendAddress, known: Known): Reach {
  const { service, slices, settings } = known
  const port = service?.ports.find((candidate) => isPort(candidate, address.port))
  const mapping = settings.serviceMappings.find((m) => mapsTo(m, address, port))
  if (mapping !== undefined) return toHost(mapping.host, mapping.targetPort, 'map')
  if (service === undefined) return withoutService(address, settings)
  if (service.type === 'ExternalName') return toExternalName(service, port, address)
  if (port === undefined) return nothing(portMissing(service, address))
  if (slices.length > 0) return fromSlices(slices, port)
  return withoutSlices(service, port, settings)
}

/** ingress-nginx compares the backend's port with number, targetPort and name of each port of the Service, in that order. */
function isPort(candidate: ServicePort, wanted: number | string): boolean {
  const text = String(wanted)
  return String(candidate.port) === text || String(candidate.targetPort) === text || candidate.name === text
}

function mapsTo(mapping: ServiceMapping, address: BackendAddress, port: ServicePort | undefined): boolean {
  if (mapping.namespace !== address.namespace || mapping.service !== address.service) return false
  return (
    mapping.port === undefined ||
    mapping.port === String(address.port) ||
    (port !== undefined && isPort(port, mapping.port))
  )
}

function toHost(host: string, port: number, source: Reach['source']): Reach {
  const address = host.replace(/^\[(.*)\]$/, '$1')
  const isAddress = addressFamily(address) !== 0
  return isAddress
    ? { endpoints: [{ address, port }], source, excluded: [] }
    : { endpoints: [], dns: { name: host, port }, source, excluded: [] }
}

function withoutService({ namespace, service, port }: BackendAddress, settings: CompileSettings): Reach {
  if (settings.serviceDns && typeof port === 'number')
    return toHost(`${service}.${namespace}`, port, 'service-dns')
  return nothing({
    code: 'service-missing',
    message: `there is no Service ${namespace}/${service} among the manifests, so this answers 503`,
    fix: `add the Service, or say where it lives: --map ${namespace}/${service}=HOST:PORT`,
  })
}

function toExternalName(
  service: Service,
  port: ServicePort | undefined,
  { namespace, service: name, port: wanted }: BackendAddress,
): Reach {
  const host = (service.externalName ?? '').replace(/\.$/, '')
  const target = typeof port?.targetPort === 'number' ? port.targetPort : (port?.port ?? wanted)
  if (typeof target !== 'number')
    return nothing(portMissing(service, { namespace, service: name, port: wanted }))
  // Such a name would lead to the gateway's own machine; ingress-nginx refuses it too.
  if (/^(localhost|.*\.localhost|127\..*|::1|0\.0\.0\.0)$/i.test(host)) {
    return nothing({
      code: 'external-name-loopback',
      message: `externalName ${host} leads to the gateway's own machine and is refused, so this answers 503`,
      fix: `on a laptop, say it on the command line: --map ${namespace}/${name}=${host}:${target}`,
    })
  }
  if (
    addressFamily(host) === 0 &&
    !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(host)
  ) {
    return nothing({
      code: 'external-name-invalid',
      message: `externalName ${JSON.stringify(host)} is no DNS name, so this answers 503`,
    })
  }
  return toHost(host, target, 'external-name')
}

function fromSlices(slices: readonly EndpointSlice[], port: ServicePort): Reach {
  const found = new Map<string, Endpoint>()
  const excluded: ExcludedEndpoint[] = []
  for (const slice of slices) {
    const ports = portsOf(slice, port)
    for (const endpoint of slice.endpoints) {
      const pod = endpoint.pod === undefined ? {} : { pod: endpoint.pod }
      const reason = whyNot(endpoint, ports)
      for (const address of endpoint.addresses) {
        if (reason !== undefined) excluded.push({ address, ...pod, reason })
        else for (const number of ports) found.set(`${address} ${number}`, { address, port: number, ...pod })
      }
    }
  }
  const endpoints = [...found.values()].sort((a, b) => compareText(a.address, b.address) || a.port - b.port)
  if (endpoints.length > 0) return { endpoints, source: 'endpoint-slices', excluded }
  const message = `none of its ${excluded.length} endpoints is ready, so this answers 503`
  return { endpoints, source: 'endpoint-slices', excluded, problem: { code: 'no-ready-endpoints', message } }
}

function whyNot(endpoint: EndpointSlice['endpoints'][number], ports: readonly number[]): string | undefined {
  if (!endpoint.ready) return endpoint.terminating ? 'it is terminating' : 'it is not ready'
  return ports.length === 0 ? 'its slice has no such port' : undefined
}

function portsOf(slice: EndpointSlice, port: ServicePort): readonly number[] {
  const numeric = typeof port.targetPort === 'number' ? port.targetPort : undefined
  if (slice.ports.length === 0) return numeric === undefined ? [] : [numeric]
  return slice.ports.flatMap((candidate) => {
    if (candidate.protocol !== port.protocol) return []
    const named = port.name === undefined || port.name === candidate.name ? candidate.port : undefined
    const number = named ?? numeric
    return number === undefined ? [] : [number]
  })
}

function withoutSlices(service: Service, port: ServicePort, settings: CompileSettings): Reach {
  const { namespace, name } = service
  if (settings.serviceDns) {
    // A headless name resolves to the Pods themselves, which listen on the target port.
    const number =
      service.clusterIp === 'None' && typeof port.targetPort === 'number' ? port.targetPort : port.port
    return toHost(`${name}.${namespace}`, number, 'service-dns')
  }
  return nothing({
    code: 'service-without-endpoints',
    message: `Service ${namespace}/${name} has no EndpointSlice among the manifests, so this answers 503`,
    fix: `add one, or say where it lives: --map ${namespace}/${name}:${port.port}=HOST:PORT, or --service-dns in a cluster`,
  })
}

function portMissing(
  service: Service,
  { namespace, service: name, port }: BackendAddress,
): NonNullable<Reach['problem']> {
  const ports = service.ports
    .map((p) => (p.name === undefined ? String(p.port) : `${p.port} (${p.name})`))
    .join(', ')
  return {
    code: 'service-port-missing',
    message: `Service ${namespace}/${name} has no port ${port}, so this answers 503`,
    fix: ports === '' ? 'give the Service ports' : `its ports are ${ports}`,
  }
}

function nothing(problem: NonNullable<Reach['problem']>): Reach {
  return { endpoints: [], source: 'none', excluded: [], problem }
}

/** The objects that were read for a backend. */
export function objectsOf({ service, slices }: Known): readonly ObjectRef[] {
  return [...(service ? [service.ref] : []), ...slices.map((slice) => slice.ref)]
}
