import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseYaml } from '@postern/control-plane'
import type { Endpoint } from '@postern/routing-table'
import { opaqueSecret, tlsSecret, type ManifestObject, type TestAuthority } from '@postern/testing'
import { HTPASSWD, type ManifestSetCase } from './manifest-sets.ts'
import { asList, asObject } from '../../src/world/workload.ts'

export const CHARTS = join(import.meta.dirname, '../../testdata/charts')

/** The files of testdata/charts as somebody would have them in a cluster: with endpoints, certificates and passwords. */
export async function chartSets(
  endpoints: readonly Endpoint[],
  authority: TestAuthority,
): Promise<readonly ManifestSetCase[]> {
  const [auth = { address: '127.0.0.1', port: 4180 }] = endpoints
  const files = readdirSync(CHARTS).sort()
  return Promise.all(
    files.map(async (file) => {
      const text = readFileSync(join(CHARTS, file), 'utf8')
      const here = text.replaceAll('127.0.0.1:4180', `${auth.address}:${String(auth.port)}`)
      const objects = parseYaml(here, file).value.map(({ content }) => content)
      const own = objects.filter(({ kind }) => kind !== 'EndpointSlice')
      const secureHosts = [...new Set(own.flatMap(tlsSections).flatMap(({ hosts }) => hosts))]
      const secrets = await secretsFor(own, secureHosts, authority)
      return { name: file, objects: [...own, ...slicesFor(own, endpoints), ...secrets], secureHosts }
    }),
  )
}

/** One endpoint for each port of each Service that would have Pods. */
function slicesFor(
  objects: readonly ManifestObject[],
  endpoints: readonly Endpoint[],
): readonly ManifestObject[] {
  const services = objects.filter(({ kind }) => kind === 'Service')
  let next = 0
  return services.flatMap((service) => {
    const spec = asObject(service['spec'])
    const { name, namespace } = asObject(service['metadata'])
    if (spec['type'] === 'ExternalName') return []
    return asList(spec['ports']).flatMap((port) => {
      const endpoint = endpoints[next++ % endpoints.length]
      if (endpoint === undefined) return []
      return {
        ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4' },
        metadata: {
          ...{ name: `${String(name)}-${String(next)}`, namespace },
          labels: { 'kubernetes.io/service-name': name },
        },
        endpoints: [{ addresses: [endpoint.address], conditions: { ready: true } }],
        ports: [{ name: port['name'] ?? '', port: endpoint.port, protocol: 'TCP' }],
      }
    })
  })
}

async function secretsFor(
  objects: readonly ManifestObject[],
  hosts: readonly string[],
  authority: TestAuthority,
): Promise<readonly ManifestObject[]> {
  const certificate = hosts.length === 0 ? undefined : await authority.issue(...hosts)
  const ingresses = objects.filter(({ kind }) => kind === 'Ingress')
  const passwords = ingresses.flatMap((ingress) => {
    const { namespace, annotations } = asObject(ingress['metadata'])
    const name = asObject(annotations)['nginx.ingress.kubernetes.io/auth-secret']
    return typeof name === 'string' ? [opaqueSecret(name, { auth: HTPASSWD }, String(namespace))] : []
  })
  const tls = ingresses
    .flatMap(tlsSections)
    .flatMap(({ secretName, namespace }) =>
      certificate === undefined ? [] : [tlsSecret(secretName, certificate, namespace)],
    )
  return [...passwords, ...tls]
}

function tlsSections(object: ManifestObject) {
  if (object['kind'] !== 'Ingress') return []
  const { namespace } = asObject(object['metadata'])
  return asList(asObject(object['spec'])['tls']).map(({ hosts, secretName }) => ({
    hosts: Array.isArray(hosts) ? hosts.map(String) : [],
    secretName: String(secretName),
    namespace: typeof namespace === 'string' ? namespace : 'default',
  }))
}
