import { writeFileSync } from 'node:fs'
import { stringify } from 'yaml'

/** Writes `count` Ingresses in the manner of a shared cluster, with their Services and endpoints, as one YAML file. */
export function writeIngresses(
  file: string,
  count: number,
  edit: (index: number) => string = () => '',
): void {
  const documents = Array.from({ length: count }, (_, index) => {
    const name = `app-${String(index)}`
    const annotations: Record<string, string> =
      index % 3 === 0 ? { 'nginx.ingress.kubernetes.io/rewrite-target': '/$2' } : {}
    if (index % 5 === 0) annotations['nginx.ingress.kubernetes.io/enable-cors'] = 'true'
    const api = index % 3 === 0 ? '/api(/|$)(.*)' : `/api${edit(index)}`
    const pathType = index % 3 === 0 ? 'ImplementationSpecific' : 'Prefix'
    const backend = { service: { name, port: { number: 80 } } }
    const paths = [
      { path: api, pathType, backend: { service: { name: 'app-0', port: { number: 80 } } } },
      { path: '/', pathType: 'Prefix', backend },
    ]
    return [
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name, annotations },
        spec: { ingressClassName: 'nginx', rules: [{ host: `${name}.example`, http: { paths } }] },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name },
        spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
      },
      {
        ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4' },
        metadata: { name, labels: { 'kubernetes.io/service-name': name } },
        endpoints: [{ addresses: [`10.0.${String(index >> 8)}.${String(index & 255)}`] }],
        ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      },
    ]
  })
  writeFileSync(
    file,
    documents
      .flat()
      .map((one) => stringify(one))
      .join('\n---\n'),
  )
}
