import { addressFamily } from '../address-family.ts'
import type { Fields } from './fields.ts'
import type { ParsedObject } from './parsed-object.ts'

/** `discovery.k8s.io/v1` EndpointSlice: the Pods behind a Service. */
export interface EndpointSlice extends ParsedObject {
  /** From the label `kubernetes.io/service-name`; a slice without it belongs to nobody. */
  readonly service?: string
  readonly addressType: 'IPv4' | 'IPv6' | 'FQDN'
  readonly endpoints: readonly SliceEndpoint[]
  readonly ports: readonly SlicePort[]
}

export interface SliceEndpoint {
  readonly addresses: readonly string[]
  /** Unknown counts as ready (discovery/v1 types.go: "A nil value should be interpreted as true"). */
  readonly ready: boolean
  readonly serving: boolean
  readonly terminating: boolean
  readonly pod?: string
}

export interface SlicePort {
  readonly name: string
  readonly port?: number
  readonly protocol: string
}

const ADDRESS_TYPES = ['IPv4', 'IPv6', 'FQDN'] as const

export function parseEndpointSlice(base: ParsedObject, fields: Fields): EndpointSlice {
  const service = base.labels.get('kubernetes.io/service-name')
  const given = fields.text('addressType')
  const addressType = ADDRESS_TYPES.find((known) => known === given)
  if (addressType === undefined) {
    const found = given === undefined ? 'is missing' : `${JSON.stringify(given)} does not exist`
    fields.problem(['addressType'], found, `write one of ${ADDRESS_TYPES.join(', ')}`)
  }
  if (service === undefined) {
    fields.note(['metadata', 'labels'], {
      severity: 'warning',
      code: 'slice-without-service',
      message: 'this slice belongs to no Service',
      fix: 'add the label kubernetes.io/service-name',
    })
  }
  return {
    ...base,
    ...(service !== undefined && { service }),
    addressType: addressType ?? 'IPv4',
    endpoints: fields.each('endpoints').map((endpoint) => parseEndpoint(endpoint, addressType)),
    ports: fields.each('ports').map(parsePort),
  }
}

function parseEndpoint(fields: Fields, addressType: string | undefined): SliceEndpoint {
  const conditions = fields.fields('conditions')
  const ready = conditions?.flag('ready') ?? true
  const target = fields.fields('targetRef')
  const pod = target?.text('kind') === 'Pod' ? target.text('name') : undefined
  const addresses = fields.texts('addresses')
  if (addresses.length === 0)
    fields.problem(['addresses'], 'is missing or empty', 'give the address of the endpoint')
  for (const [index, address] of addresses.entries()) {
    const family = { 0: undefined, 4: 'IPv4', 6: 'IPv6' }[addressFamily(address)]
    const fits = addressType === 'FQDN' ? family === undefined : family === addressType
    if (addressType !== undefined && !fits) {
      fields.problem(['addresses', index], `${JSON.stringify(address)} is no ${addressType} address`)
    }
  }
  return {
    addresses,
    ready,
    serving: conditions?.flag('serving') ?? ready,
    terminating: conditions?.flag('terminating') ?? false,
    ...(pod !== undefined && { pod }),
  }
}

function parsePort(fields: Fields): SlicePort {
  const port = fields.port('port')
  return {
    name: fields.text('name') ?? '',
    ...(port !== undefined && { port }),
    protocol: fields.text('protocol') ?? 'TCP',
  }
}
