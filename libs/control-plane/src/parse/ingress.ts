import { parseHostPattern, type HostPattern } from '@postern/routing-table'
import type { FieldPath } from '../manifest.ts'
import type { Fields } from './fields.ts'
import type { ParsedObject } from './parsed-object.ts'

/** `networking.k8s.io/v1` Ingress. */
export interface Ingress extends ParsedObject {
  readonly className?: string
  readonly defaultBackend?: IngressBackend
  readonly rules: readonly IngressRule[]
  readonly tls: readonly IngressTls[]
}

export interface IngressRule {
  /** Absent: any host. */
  readonly host?: HostPattern
  /** Absent: the rule names a host and leaves its paths to the default backend. */
  readonly paths?: readonly IngressPath[]
  readonly field: FieldPath
}

export interface IngressPath {
  readonly path: string
  readonly type: PathType
  readonly backend: IngressBackend
  readonly field: FieldPath
}

export type PathType = 'Exact' | 'Prefix' | 'ImplementationSpecific'

/** A Service with a port by number or name; or something else (`resource`) that no known controller serves. */
export type IngressBackend =
  | {
      readonly kind: 'service'
      readonly service: string
      readonly port: number | string
      readonly field: FieldPath
    }
  | { readonly kind: 'resource'; readonly what: string; readonly field: FieldPath }

export interface IngressTls {
  /** Lower case. */
  readonly hosts: readonly string[]
  readonly secretName?: string
  readonly field: FieldPath
}

export function parseIngress(base: ParsedObject, fields: Fields): Ingress {
  const spec = fields.fields('spec')
  if (spec === undefined) {
    fields.problem(['spec'], 'is missing', 'an Ingress needs rules or a defaultBackend')
    return { ...base, rules: [], tls: [] }
  }
  spec.onlyKnows(['ingressClassName', 'defaultBackend', 'rules', 'tls'])
  const className = spec.text('ingressClassName')
  const defaultFields = spec.fields('defaultBackend')
  const defaultBackend = defaultFields && parseBackend(defaultFields)
  const rules = spec.each('rules').map(parseRule)
  if (rules.length === 0 && defaultFields === undefined) {
    spec.problem([], 'has neither rules nor a defaultBackend', 'give it at least one of them')
  }
  return {
    ...base,
    ...(className !== undefined && { className }),
    ...(defaultBackend && { defaultBackend }),
    rules,
    tls: spec.each('tls').map(parseTls),
  }
}

function parseRule(fields: Fields): IngressRule {
  fields.onlyKnows(['host', 'http'])
  const host = parseRuleHost(fields)
  const http = fields.fields('http')
  http?.onlyKnows(['paths'])
  const items = http?.each('paths')
  if (http && items?.length === 0) http.problem(['paths'], 'is missing or empty', 'give at least one path')
  return {
    ...(host !== undefined && { host }),
    ...(items && { paths: items.flatMap(parsePath) }),
    field: fields.path,
  }
}

function parseRuleHost(fields: Fields): HostPattern | undefined {
  const text = fields.text('host')
  if (text === undefined || text === '') return undefined
  const host = parseHostPattern(text)
  if (host === undefined) {
    const expected = 'expected a DNS name, or *. and a DNS name; no address, no port, no bare star'
    fields.problem(
      ['host'],
      `${JSON.stringify(text)} is no host: ${expected}`,
      text === '*' ? 'leave host out to mean any host' : undefined,
    )
  } else if (host !== text) {
    fields.problem(
      ['host'],
      `${JSON.stringify(text)} has capital letters, which the API server refuses`,
      `write ${host}`,
    )
  }
  return host
}

function parsePath(fields: Fields): readonly IngressPath[] {
  fields.onlyKnows(['path', 'pathType', 'backend'])
  const type = parsePathType(fields)
  const path = fields.text('path') ?? ''
  const backendFields = fields.fields('backend')
  if (backendFields === undefined) fields.problem(['backend'], 'is missing', 'name the Service that answers')
  const backend = backendFields && parseBackend(backendFields)
  if (path === '' && type !== 'ImplementationSpecific') {
    fields.problem(['path'], `is missing, which pathType ${type} does not allow`, 'write a path, as /')
  } else if (path !== '' && !path.startsWith('/')) {
    fields.problem(['path'], `${JSON.stringify(path)} does not begin with /`, `write /${path}`)
  } else if (type !== 'ImplementationSpecific') refuseOddSegments(fields, path)
  return backend === undefined ? [] : [{ path: path === '' ? '/' : path, type, backend, field: fields.path }]
}

function parsePathType(fields: Fields): PathType {
  const type = fields.text('pathType')
  if (type === 'Exact' || type === 'Prefix' || type === 'ImplementationSpecific') return type
  const found = type === undefined ? 'is missing' : `${JSON.stringify(type)} does not exist`
  fields.problem(['pathType'], found, 'write Prefix, Exact or ImplementationSpecific')
  return 'ImplementationSpecific'
}

// Kubernetes pkg/apis/networking/validation refuses these in Exact and Prefix paths.
function refuseOddSegments(fields: Fields, path: string): void {
  const odd =
    ['//', '/./', '/../', '%2f', '%2F'].find((part) => path.includes(part)) ??
    ['/..', '/.'].find((end) => path.endsWith(end))
  if (odd !== undefined)
    fields.problem(['path'], `${JSON.stringify(path)} contains ${odd}, which the API server refuses`)
}

function parseBackend(fields: Fields): IngressBackend | undefined {
  const old = fields.has('serviceName')
  // The finding below speaks of both.
  fields.onlyKnows(['service', 'resource', ...(old ? ['serviceName', 'servicePort'] : [])])
  const service = fields.fields('service')
  const resource = fields.fields('resource')
  if (service !== undefined && resource !== undefined) {
    fields.problem([], 'names a service and a resource', 'keep one of them')
  }
  if (resource !== undefined) {
    const what = `${resource.text('kind') ?? 'resource'} ${resource.text('name') ?? ''}`.trim()
    return { kind: 'resource', what, field: fields.path }
  }
  if (service === undefined) {
    fields.problem(
      ['service'],
      'is missing',
      old ? 'serviceName/servicePort are of v1beta1: write service: {name, port: {number}}' : undefined,
    )
    return undefined
  }
  return parseServiceBackend(service, fields.path)
}

function parseServiceBackend(service: Fields, field: FieldPath): IngressBackend | undefined {
  service.onlyKnows(['name', 'port'])
  const name = service.text('name')
  // What is there and of the wrong type has been noted as that.
  if (name === '' || !service.has('name')) service.problem(['name'], 'is missing', 'name the Service')
  const form = 'write port: {number: 80} or port: {name: http}'
  const port = service.fields('port', form)
  port?.onlyKnows(['name', 'number'])
  const number = port?.port('number')
  const portName = port?.text('name')
  if (number !== undefined && portName !== undefined)
    service.problem(['port'], 'has a name and a number', 'keep one of them')
  const either = number ?? portName
  const isSaid = service.has('port') && (port === undefined || port.has('number') || port.has('name'))
  // What is said and wrong is told at its own place.
  if (either === undefined && !isSaid) service.problem(['port'], 'is missing', form)
  return name === undefined || either === undefined
    ? undefined
    : { kind: 'service', service: name, port: either, field }
}

function parseTls(fields: Fields): IngressTls {
  fields.onlyKnows(['hosts', 'secretName'])
  const secretName = fields.text('secretName')
  const hosts = fields.texts('hosts').map((host) => host.toLowerCase())
  return { hosts, ...(secretName !== undefined && secretName !== '' && { secretName }), field: fields.path }
}
