// The "static" rows of S1 (Services, DNS, Ingress) in docs/contract.md, named by their ids.
import { describe, expect, test } from '@jest/globals'
import { find, namespaceOf, selects, workloadsOf, type KubeObject } from './kube-object.ts'
import { readManifests } from './read-manifests.ts'
import { cannotRender, renderOverlay } from './render.ts'

const run = cannotRender === undefined ? describe : describe.skip
const skipped = cannotRender === undefined ? '' : ` (skipped: ${cannotRender})`
const overlay = (name: string) => (cannotRender === undefined ? renderOverlay(name) : [])
const env = (object: KubeObject) =>
  Object.fromEntries(
    (object.spec?.template?.spec.containers?.[0]?.env ?? []).map(({ name, value }) => [name, value]),
  )

run(`one of every Service${skipped}`, () => {
  const objects = overlay('services')
  const service = (name: string) => find(objects, 'Service', name, 'services')

  test('S1.3 a Service without a type is a ClusterIP', () => {
    expect(service('hello-world').spec).not.toHaveProperty('type')
  })

  test('S1.4 port is free to choose, targetPort is the container’s', () => {
    expect(service('hello-world').spec?.ports).toEqual([{ name: 'http', port: 3200, targetPort: 8080 }])
  })

  test('S1.5 the ports of a multi-port Service are named', () => {
    expect(service('hello-world-multi-port').spec?.ports?.map(({ name }) => name)).toEqual([
      'http',
      'http-alt',
    ])
  })

  test('S1.9 headless is clusterIP None, written so', () => {
    expect(service('hello-world-headless').spec?.clusterIP).toBe('None')
  })

  test('S1.10 the headless Service stands beside a ClusterIP with the same selector', () => {
    expect(service('hello-world-headless').spec?.selector).toEqual(service('hello-world').spec?.selector)
  })

  test('S1.11 S1.12 S1.24 NodePort, LoadBalancer my-service and ExternalName are there too', () => {
    const types = Object.fromEntries(
      objects
        .filter(({ kind }) => kind === 'Service')
        .map(({ metadata, spec }) => [metadata.name, spec?.type ?? 'ClusterIP']),
    )
    expect(types).toEqual({
      'hello-world': 'ClusterIP',
      'hello-world-headless': 'ClusterIP',
      'hello-world-multi-port': 'ClusterIP',
      'hello-world-node-port': 'NodePort',
      'my-service': 'LoadBalancer',
      'hello-elsewhere': 'ExternalName',
    })
    expect(service('hello-world-node-port').spec?.ports?.[0]?.nodePort).toBe(30080)
  })

  test('S1.24 five replicas behind all of them', () => {
    expect(find(objects, 'Deployment', 'hello-world', 'services').spec?.replicas).toBe(5)
  })
})

run(`across namespaces${skipped}`, () => {
  const objects = overlay('helloworld')

  test('S1.16 hello-world in default: three replicas, and the Service that `kubectl expose` makes', () => {
    expect(find(objects, 'Deployment', 'hello-world').spec?.replicas).toBe(3)
    expect(find(objects, 'Service', 'hello-world').spec?.ports).toEqual([
      expect.objectContaining({ port: 8080, targetPort: 8080 }),
    ])
  })

  test('S1.22 S1.23 proxy-app in default calls hello-app-service.helloworld, with its port', () => {
    expect(env(find(objects, 'Deployment', 'proxy-app'))).toEqual({
      API_URL: 'http://hello-app-service.helloworld:8080',
    })
    expect(find(objects, 'Service', 'hello-app-service', 'helloworld').spec?.ports?.[0]).toMatchObject({
      port: 8080,
      targetPort: 8080,
    })
    expect(find(objects, 'Service', 'proxy-app-service').spec?.ports?.[0]).toMatchObject({
      port: 3000,
      targetPort: 3000,
    })
  })

  test('S1.23 the namespace is made by the overlay, both apps have three replicas', () => {
    expect(find(objects, 'Namespace', 'helloworld').metadata.name).toBe('helloworld')
    expect(find(objects, 'Deployment', 'proxy-app').spec?.replicas).toBe(3)
    expect(find(objects, 'Deployment', 'hello-world', 'helloworld').spec?.replicas).toBe(3)
  })

  test('S1.23 hello answers the material’s text', () => {
    expect(env(find(objects, 'Deployment', 'hello-world', 'helloworld'))).toMatchObject({
      PORT: '8080',
      HELLO_TEXT: 'Hello Kubernetes!',
    })
  })

  test('S1.25 a Pod dnsutils is there for nslookup', () => {
    expect(find(objects, 'Pod', 'dnsutils').spec?.containers?.[0]?.image).toBe(
      'registry.k8s.io/e2e-test-images/agnhost:2.39',
    )
  })
})

describe('Ingress', () => {
  const ingress = readManifests('ingress/*.yaml').map(({ object }) => object)
  const rules = ingress.filter(({ kind }) => kind === 'Ingress')

  test('S1.36 what no rule matches goes to default-http-backend', () => {
    expect(rules.some(({ spec }) => spec?.defaultBackend?.service.name === 'default-http-backend')).toBe(true)
  })

  test('S1.37 default-http-backend is a ClusterIP in front of the page that is our own', () => {
    const objects = readManifests('deploy/base/default-backend/*.yaml').map(({ object }) => object)
    const service = find(objects, 'Service', 'default-http-backend')
    expect(service.spec?.ports).toEqual([expect.objectContaining({ port: 80, targetPort: 8080 })])
    expect(
      workloadsOf(objects).filter(({ labels }) => selects(service.spec?.selector ?? {}, labels)),
    ).toHaveLength(1)
  })

  test('S1.38 S1.39 every secretName is a name, and its Secret belongs into the namespace of the Ingress', () => {
    for (const one of rules)
      for (const { secretName } of one.spec?.tls ?? []) {
        expect(secretName).toMatch(/^[a-z0-9.-]+$/) // not a path, not the content
        expect(namespaceOf(one)).toBe('default')
      }
  })

  run(`every backend exists${skipped}`, () => {
    test.each(['minikube', 'gateway'])(
      'in %s every Service that ingress/ names is there, with that port',
      (name) => {
        const objects = overlay(name)
        const text = JSON.stringify(rules)
        const named = [...text.matchAll(/"service":\{"name":"([^"]+)","port":\{"number":(\d+)\}\}/g)]
        expect(named.length).toBeGreaterThan(8)
        for (const [, service = '', port] of named)
          expect(find(objects, 'Service', service).spec?.ports?.map((one) => String(one.port))).toContain(
            port,
          )
      },
    )
  })
})
