import { addressFamily } from '../address-family.ts'
import type { EndpointSlice, SliceEndpoint, SlicePort } from './endpoint-slice.ts'
import type { Fields } from './fields.ts'
import type { ParsedObject } from './parsed-object.ts'

/**
 * `v1` Endpoints, as people write them by hand for a Service without selector. A cluster mirrors them into EndpointSlices
 * (https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#endpointslice-mirroring); so do we.
 */
export interface Endpoints extends ParsedObject {
  /** One per subset. */
  readonly slices: readonly EndpointSlice[]
}

export function parseEndpoints(base: ParsedObject, fields: Fields): Endpoints {
  const slices = fields.each('subsets').map((subset): EndpointSlice => {
    const ready = subset.each('addresses').flatMap((address) => parseAddress(address, true))
    const notReady = subset.each('notReadyAddresses').flatMap((address) => parseAddress(address, false))
    const ports = subset.each('ports').map(parsePort)
    return { ...base, service: base.name, addressType: 'IPv4', endpoints: [...ready, ...notReady], ports }
  })
  return { ...base, slices }
}

function parseAddress(fields: Fields, ready: boolean): readonly SliceEndpoint[] {
  const ip = fields.text('ip')
  if (ip === undefined || addressFamily(ip) === 0) {
    fields.problem(
      ['ip'],
      ip === undefined ? 'is missing' : `${JSON.stringify(ip)} is no address`,
      'write an IP address',
    )
    return []
  }
  const target = fields.fields('targetRef')
  const pod = target?.text('kind') === 'Pod' ? target.text('name') : undefined
  return [{ addresses: [ip], ready, serving: ready, terminating: false, ...(pod !== undefined && { pod }) }]
}

function parsePort(fields: Fields): SlicePort {
  const port = fields.port('port')
  if (port === undefined && !fields.has('port'))
    fields.problem(['port'], 'is missing', 'write the port of the endpoint')
  return {
    name: fields.text('name') ?? '',
    ...(port !== undefined && { port }),
    protocol: fields.text('protocol') ?? 'TCP',
  }
}
