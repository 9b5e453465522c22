import type { FieldPath } from '../manifest.ts'
import type { Fields } from './fields.ts'
import type { ParsedObject } from './parsed-object.ts'

/** `v1` Service, as far as it says where requests go. */
export interface Service extends ParsedObject {
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName'
  /** Absent in manifests that never met a cluster; `None` is a headless Service. */
  readonly clusterIp?: string
  readonly externalName?: string
  readonly ports: readonly ServicePort[]
}

export interface ServicePort {
  readonly name?: string
  readonly port: number
  /** Number, or name of a container's port. The same as `port` when left out. */
  readonly targetPort: number | string
  readonly protocol: string
  readonly field: FieldPath
}

const TYPES = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'] as const

export function parseService(base: ParsedObject, fields: Fields): Service {
  const spec = fields.fields('spec')
  if (spec === undefined) {
    fields.problem(['spec'], 'is missing', 'a Service needs ports')
    return { ...base, type: 'ClusterIP', ports: [] }
  }
  const given = spec.text('type')
  const type = given === undefined ? 'ClusterIP' : TYPES.find((known) => known === given)
  if (type === undefined)
    spec.problem(['type'], `${JSON.stringify(given)} does not exist`, `write one of ${TYPES.join(', ')}`)
  const clusterIp = spec.text('clusterIP')
  const externalName = spec.text('externalName')
  if (type === 'ExternalName' && !externalName)
    spec.problem(['externalName'], 'is missing', 'name the host outside')
  return {
    ...base,
    type: type ?? 'ClusterIP',
    ...(clusterIp !== undefined && clusterIp !== '' && { clusterIp }),
    ...(externalName !== undefined && { externalName }),
    ports: spec.each('ports').flatMap(parsePort),
  }
}

function parsePort(fields: Fields): readonly ServicePort[] {
  const port = fields.port('port')
  if (port === undefined) {
    if (!fields.has('port'))
      fields.problem(['port'], 'is missing', 'write the port that the Service answers on')
    return []
  }
  const name = fields.text('name')
  const targetPort = fields.portOrName('targetPort') ?? port
  return [
    {
      ...(name !== undefined && { name }),
      port,
      targetPort,
      protocol: fields.text('protocol') ?? 'TCP',
      field: fields.path,
    },
  ]
}
