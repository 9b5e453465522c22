import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const FILES = 100
const HOSTS_PER_FILE = 100

/** Ten thousand hosts of five paths, each with a Service and an endpoint of its own, in a hundred files. */
export function writeHosts(folder: string, upstream: number): void {
  mkdirSync(folder, { recursive: true })
  for (let file = 0; file < FILES; file += 1) {
    const names = Array.from({ length: HOSTS_PER_FILE }, (_, i) => `app-${String(file * HOSTS_PER_FILE + i)}`)
    write(folder, `apps-${String(file)}`, names.map((name) => manifestsOf(name, upstream)).join('---\n'))
  }
}

/** One host more; or another one instead of what `file` held. */
export function writeHost(folder: string, name: string, upstream: number, file = name): void {
  write(folder, file, manifestsOf(name, upstream))
}

export function hostOf(name: string): string {
  return `${name}.bench.example`
}

// Whole or not at all, as careful writers do.
function write(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, `${name}.tmp`), text)
  renameSync(join(folder, `${name}.tmp`), join(folder, `${name}.yaml`))
}

function manifestsOf(name: string, upstream: number): string {
  const paths = ['/admin', '/api/v1', '/api/v2', '/static', '/'].map(
    (path) =>
      `          - { path: ${path}, pathType: Prefix, backend: { service: { name: ${name}, port: { number: 80 } } } }\n`,
  )
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, namespace: bench }
spec:
  ingressClassName: nginx
  rules:
    - host: ${hostOf(name)}
      http:
        paths:
${paths.join('')}---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: bench }
spec:
  ports: [{ name: http, port: 80 }]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: ${name}-1, namespace: bench, labels: { kubernetes.io/service-name: ${name} } }
addressType: IPv4
ports: [{ name: http, port: ${String(upstream)}, protocol: TCP }]
endpoints: [{ addresses: ["127.0.0.1"] }]
`
}
