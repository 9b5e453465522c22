import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HOSTS } from './nginx.ts'

const PATHS = ['/admin', '/api/v1', '/api/v2', '/static', '/']

export type Annotations = Readonly<Record<string, string>>

// A limit that nobody reaches costs as much as one that bites; nginx has the same one.
const LIMIT: Annotations = { 'nginx.ingress.kubernetes.io/limit-rps': '1000000' }

/** Ingress manifests for ten thousand hosts of five paths, one for every other host, and where the Service lives. */
export function benchManifests(folder: string, upstream: number, annotations: Annotations = {}): string {
  const path = mkdtempSync(join(folder, 'manifests-'))
  const others = Array.from({ length: HOSTS }, (_, i) =>
    ingress(`app-${String(i)}`, `host: app-${String(i)}.bench.example\n      `, PATHS),
  )
  const asked = ingress('asked', '', ['/'], { ...LIMIT, ...annotations })
  writeFileSync(join(path, 'ingresses.yaml'), [asked, ...others].join('---\n'))
  writeFileSync(join(path, 'service.yaml'), service(upstream))
  return path
}

function ingress(
  name: string,
  host: string,
  paths: readonly string[],
  annotations: Annotations = {},
): string {
  const backend = '{ service: { name: bench, port: { number: 80 } } }'
  const rules = paths.map((path) => `          - { path: ${path}, pathType: Prefix, backend: ${backend} }\n`)
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  namespace: bench
  annotations: ${JSON.stringify(annotations)}
spec:
  ingressClassName: nginx
  rules:
    - ${host}http:
        paths:
${rules.join('')}`
}

function service(port: number): string {
  return `apiVersion: v1
kind: Service
metadata: { name: bench, namespace: bench }
spec:
  ports: [{ name: http, port: 80, targetPort: ${String(port)} }]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: bench-1, namespace: bench, labels: { kubernetes.io/service-name: bench } }
addressType: IPv4
ports: [{ name: http, port: ${String(port)}, protocol: TCP }]
endpoints: [{ addresses: ["127.0.0.1"], conditions: { ready: true } }]
`
}
