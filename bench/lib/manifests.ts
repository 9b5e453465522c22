import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HOSTS } from './nginx.ts'

/** The five paths of a host. */
export const PATHS = ['/admin', '/api/v1', '/api/v2', '/static', '/']

export type Annotations = Readonly<Record<string, string>>

const SERVICE = 'bench'

// A limit that nobody reaches costs as much as one that bites; nginx has the same one.
const LIMIT: Annotations = { 'nginx.ingress.kubernetes.io/limit-rps': '1000000' }

/** Ingress manifests for ten thousand hosts of five paths, one for every other host, and where the Service lives. */
export function benchManifests(folder: string, upstream: number, annotations: Annotations = {}): string {
  const path = mkdtempSync(join(folder, 'manifests-'))
  const others = Array.from({ length: HOSTS }, (_, i) => {
    const name = `app-${String(i)}`
    return ingressText({ name, service: SERVICE, host: `${name}.bench.example`, paths: PATHS })
  })
  const asked = { name: 'asked', service: SERVICE, paths: ['/'], annotations: { ...LIMIT, ...annotations } }
  writeFileSync(join(path, 'ingresses.yaml'), [ingressText(asked), ...others].join('---\n'))
  writeFileSync(join(path, 'service.yaml'), serviceText(SERVICE, upstream))
  return path
}

interface IngressParts {
  readonly name: string
  /** The Service behind every path. */
  readonly service: string
  /** Absent: every host. */
  readonly host?: string
  readonly paths: readonly string[]
  readonly annotations?: Annotations
}

/** An Ingress in the namespace `bench`. */
export function ingressText({ name, service, host, paths, annotations = {} }: IngressParts): string {
  const backend = `{ service: { name: ${service}, port: { number: 80 } } }`
  const rules = paths.map((path) => `          - { path: ${path}, pathType: Prefix, backend: ${backend} }\n`)
  const rule = host === undefined ? '' : `host: ${host}\n      `
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  namespace: bench
  annotations: ${JSON.stringify(annotations)}
spec:
  ingressClassName: nginx
  rules:
    - ${rule}http:
        paths:
${rules.join('')}`
}

/** A Service of that name, and its one endpoint: `port` of this machine. */
export function serviceText(name: string, port: number): string {
  return `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: bench }
spec:
  ports: [{ name: http, port: 80, targetPort: ${String(port)} }]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: ${name}-1, namespace: bench, labels: { kubernetes.io/service-name: ${name} } }
addressType: IPv4
ports: [{ name: http, port: ${String(port)}, protocol: TCP }]
endpoints: [{ addresses: ["127.0.0.1"], conditions: { ready: true } }]
`
}
