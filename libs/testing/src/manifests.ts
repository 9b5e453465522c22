import type { Endpoint } from '@postern/routing-table'
import type { TestCertificate } from './certificate.ts'

/** A manifest as it would stand in a file; JSON is YAML, so `toYaml` only has to join. */
export type ManifestObject = Readonly<Record<string, unknown>>

export interface IngressPath {
  readonly path?: string
  readonly pathType?: 'Exact' | 'Prefix' | 'ImplementationSpecific'
  readonly service: string
  readonly port?: number | string
}

export interface IngressRule {
  /** Absent: any host. */
  readonly host?: string
  readonly paths: readonly IngressPath[]
}

export interface IngressOptions {
  readonly name: string
  readonly namespace?: string
  readonly rules?: readonly IngressRule[]
  /** Without their prefix `nginx.ingress.kubernetes.io/`. */
  readonly annotations?: Readonly<Record<string, string>>
  readonly tls?: readonly { readonly hosts: readonly string[]; readonly secretName?: string }[]
  /** Name of the Service for `spec.defaultBackend`. */
  readonly defaultService?: string
}

/** An Ingress of class nginx; annotations without a prefix get that of ingress-nginx. */
export function ingress(options: IngressOptions): ManifestObject {
  const { name, namespace = 'default', rules, annotations = {}, tls, defaultService } = options
  const prefixed = Object.entries(annotations).map(([key, value]) => [
    key.includes('/') ? key : `nginx.ingress.kubernetes.io/${key}`,
    value,
  ])
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace, annotations: Object.fromEntries(prefixed) },
    spec: {
      ingressClassName: 'nginx',
      ...(tls && { tls }),
      ...(defaultService !== undefined && { defaultBackend: backend(defaultService, 80) }),
      ...(rules && { rules: rules.map(rule) }),
    },
  }
}

/** A Service with port 80 named `http`, and the EndpointSlice that says where it lives. */
export function serviceAt(
  name: string,
  endpoints: readonly Endpoint[],
  namespace = 'default',
): readonly ManifestObject[] {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
  }
  return [service, ...endpoints.map((endpoint, i) => slice(name, namespace, endpoint, i))]
}

export function tlsSecret(
  name: string,
  { certPem, keyPem }: TestCertificate,
  namespace = 'default',
): ManifestObject {
  const data = { 'tls.crt': base64(certPem), 'tls.key': base64(keyPem) }
  return { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls', metadata: { name, namespace }, data }
}

/** A Secret of type Opaque; values are given in clear. */
export function opaqueSecret(
  name: string,
  values: Readonly<Record<string, string>>,
  namespace = 'default',
): ManifestObject {
  const data = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, base64(value)]))
  return { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata: { name, namespace }, data }
}

/** Several documents of one file. */
export function toYaml(...objects: readonly ManifestObject[]): string {
  return objects.map((object) => JSON.stringify(object, undefined, 2)).join('\n---\n')
}

function slice(name: string, namespace: string, { address, port }: Endpoint, index: number): ManifestObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-${String(index)}`, namespace, labels: { 'kubernetes.io/service-name': name } },
    addressType: address.includes(':') ? 'IPv6' : 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: 'http', port, protocol: 'TCP' }],
  }
}

function rule({ host, paths }: IngressRule): ManifestObject {
  const entries = paths.map(({ path = '/', pathType = 'Prefix', service, port = 80 }) => ({
    path,
    pathType,
    backend: backend(service, port),
  }))
  return { ...(host !== undefined && { host }), http: { paths: entries } }
}

function backend(name: string, port: number | string): ManifestObject {
  return { service: { name, port: typeof port === 'number' ? { number: port } : { name: port } } }
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}
