// Rules for every manifest at once: V50, V51 and what production-grade Pods owe (D6, D7, W20, W21, W23).
import { describe, expect, test } from '@jest/globals'
import {
  describeObject,
  namespaceOf,
  selects,
  workloadsOf,
  type Container,
  type KubeObject,
  type Labels,
  type ServicePort,
  type Workload,
} from './kube-object.ts'
import { readManifests } from './read-manifests.ts'
import { cannotRender, OVERLAYS, render, renderOverlay } from './render.ts'

const PART_OF = 'app.kubernetes.io/part-of'
const EXTERNAL = ['NodePort', 'LoadBalancer']
const run = cannotRender === undefined ? describe : describe.skip
const skipped = cannotRender === undefined ? '' : ` (skipped: ${cannotRender})`

const services = (objects: readonly KubeObject[]) => objects.filter(({ kind }) => kind === 'Service')
const selectorOf = (object: KubeObject): Labels =>
  object.spec?.selector?.matchLabels ?? object.spec?.selector ?? {}

function selectedBy(service: KubeObject, workloads: readonly Workload[]): readonly Workload[] {
  return workloads.filter(
    ({ namespace, labels }) => namespace === namespaceOf(service) && selects(selectorOf(service), labels),
  )
}

run(`every overlay${skipped}`, () => {
  describe.each(OVERLAYS)('%s', (overlay) => {
    const objects = cannotRender === undefined ? renderOverlay(overlay) : []
    const workloads = workloadsOf(objects)
    const containers = workloads.flatMap((one) => one.containers.map((container) => ({ ...one, container })))

    test('V51 S1.5 S3.13 a Service with several ports names each, and no two alike', () => {
      for (const service of services(objects)) {
        const ports = service.spec?.ports ?? []
        if (ports.length > 1)
          expect([describeObject(service), new Set(ports.map(({ name }) => name ?? '')).size]).toEqual([
            describeObject(service),
            ports.length,
          ])
        for (const { name } of ports) if (ports.length > 1) expect(name).toMatch(/^[a-z0-9-]+$/)
      }
    })

    test('V51 S1.4 every targetPort is a port of a Pod that the Service selects', () => {
      for (const service of services(objects)) {
        for (const port of service.spec?.ports ?? [])
          for (const workload of selectedBy(service, workloads)) {
            const offered = workload.containers.flatMap(({ ports = [] }) => ports)
            expect([describeObject(service), describeObject(workload.object), offered]).toEqual([
              describeObject(service),
              describeObject(workload.object),
              expect.arrayContaining([expect.objectContaining(target(port))]),
            ])
          }
      }
    })

    test('V51 S1.11 a nodePort lies between 30000 and 32767, and no two Services ask for the same', () => {
      const asked = services(objects).flatMap(({ spec }) =>
        (spec?.ports ?? []).flatMap(({ nodePort }) => nodePort ?? []),
      )
      for (const port of asked) {
        expect(port).toBeGreaterThanOrEqual(30000)
        expect(port).toBeLessThanOrEqual(32767)
      }
      expect(new Set(asked).size).toBe(asked.length)
    })

    test('V51 S0.19 S0.10 W20 every image has a tag, and none is `latest`', () => {
      for (const { container } of containers)
        expect(container.image).toMatch(/^[a-z0-9./-]+:(?!latest)[\w.-]+(@sha256:[0-9a-f]{64})?$/)
    })

    test('every selector selects something, and a Deployment selects its own Pods', () => {
      // The Pod that the lab's Service wants is labelled by hand, later: that is the lesson (S4.28).
      const byHand = new Set(['Service default/monolith'])
      for (const service of services(objects))
        if (service.spec?.type !== 'ExternalName' && !byHand.has(describeObject(service)))
          expect([describeObject(service), selectedBy(service, workloads).length > 0]).toEqual([
            describeObject(service),
            true,
          ])
      for (const { object, labels } of workloads)
        if (object.kind === 'Deployment')
          expect([describeObject(object), selects(selectorOf(object), labels)]).toEqual([
            describeObject(object),
            true,
          ])
    })

    test('D10 every selector has a second label that belongs to us', () => {
      for (const object of objects.filter(
        ({ kind, spec }) => ['Service', 'Deployment'].includes(kind) && spec?.type !== 'ExternalName',
      ))
        expect([describeObject(object), Object.keys(selectorOf(object))]).toEqual([
          describeObject(object),
          expect.arrayContaining([PART_OF]),
        ])
    })

    test('D6 W21 every container has requests and limits', () => {
      for (const { object, container } of containers)
        expect([describeObject(object), container.name, container.resources]).toEqual([
          describeObject(object),
          container.name,
          {
            requests: { cpu: expect.any(String), memory: expect.any(String) },
            limits: { cpu: expect.any(String), memory: expect.any(String) },
          },
        ])
    })

    test('D6 one of our own has 0.2 CPU or more, 128Mi or more, and a startupProbe of 60 s', () => {
      for (const { container } of containers.filter(isOurs)) {
        const { cpu = '', memory = '' } = container.resources?.limits ?? {}
        expect(cpu.endsWith('m') ? Number.parseInt(cpu, 10) : Number(cpu) * 1000).toBeGreaterThanOrEqual(200)
        expect(Number.parseInt(memory, 10)).toBeGreaterThanOrEqual(128)
        if (container.name === 'monolith' && container.startupProbe === undefined) continue // S4.7's Pod has no probes at all
        const { periodSeconds = 10, failureThreshold = 3 } = container.startupProbe ?? {}
        expect(periodSeconds * failureThreshold).toBeGreaterThanOrEqual(60)
      }
    })

    test('D7 W20 nobody is root, the root is read-only, nothing is gained, no capability is kept', () => {
      for (const { object, pod, container } of containers) {
        const name = `${describeObject(object)} ${container.name}`
        expect([name, pod.securityContext?.runAsNonRoot, pod.securityContext?.seccompProfile?.type]).toEqual([
          name,
          true,
          'RuntimeDefault',
        ])
        expect([
          name,
          container.securityContext?.runAsUser ?? pod.securityContext?.runAsUser ?? 0,
        ]).not.toEqual([name, 0])
        expect([name, container.securityContext]).toEqual([
          name,
          expect.objectContaining({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          }),
        ])
      }
    })

    test('D7 a Pod with a port below 1024 asks for the safe sysctl', () => {
      for (const { object, pod, containers: own } of workloads) {
        const low = own.some(({ ports = [] }) => ports.some(({ containerPort }) => containerPort < 1024))
        const sysctls = pod.securityContext?.sysctls ?? []
        if (low)
          expect([describeObject(object), sysctls]).toEqual([
            describeObject(object),
            [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }],
          ])
      }
    })

    test('no Pod carries a token for the API server', () => {
      for (const { object, pod } of workloads)
        expect([describeObject(object), pod.automountServiceAccountToken]).toEqual([
          describeObject(object),
          false,
        ])
    })

    test('two containers of a Pod never take the same port', () => {
      for (const { object, containers: own } of workloads) {
        const ports = own.flatMap(({ ports: offered = [] }) =>
          offered.map(({ containerPort }) => containerPort),
        )
        expect([describeObject(object), new Set(ports).size]).toEqual([describeObject(object), ports.length])
      }
    })

    test('what a container mounts is a volume of its Pod, and what it may write to is an emptyDir', () => {
      for (const { object, pod, container } of containers)
        for (const { name } of container.volumeMounts ?? [])
          expect([describeObject(object), (pod.volumes ?? []).map((volume) => volume.name)]).toEqual([
            describeObject(object),
            expect.arrayContaining([name]),
          ])
    })

    test('no Secret stands in an overlay', () => {
      expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([])
    })

    test('W31 no container is told a variable that Kubernetes injects for a Service', () => {
      const injected =
        /^(AUTH|USERS|TASKS|HELLO|FRONTEND|GATEWAY|POSTERN|MONOLITH)_(PORT|SERVICE_HOST|SERVICE_PORT)/
      for (const { container } of containers)
        for (const { name } of container.env ?? []) expect(name).not.toMatch(injected)
    })

    test('W17 the health port stands behind no Service', () => {
      for (const service of services(objects))
        for (const { port, targetPort = port } of service.spec?.ports ?? [])
          expect([81, 82, 'health', 'admin', 10254]).not.toContain(targetPort)
    })
  })
})

run(`V50 D10 all topologies in one cluster${skipped}`, () => {
  // Overlays of the same track replace each other; of each track one is applied.
  const TRACKS = ['course', 'lab-canary', 'helloworld', 'services', 'https-nginx', 'gateway']
  const objects = cannotRender === undefined ? unique(TRACKS.flatMap((name) => renderOverlay(name))) : []
  const workloads = workloadsOf(objects)

  test('every Service leads to the Pods of one app', () => {
    for (const service of services(objects)) {
      const found = selectedBy(service, workloads)
      const apps = new Set(found.map(({ labels }) => `${labels['app'] ?? labels['run']} ${labels[PART_OF]}`))
      expect([describeObject(service), apps.size <= 1]).toEqual([describeObject(service), true])
    }
  })

  test('no Pod belongs to two Deployments (W33)', () => {
    const deployments = objects.filter(({ kind }) => kind === 'Deployment')
    for (const { object, namespace, labels } of workloads) {
      const owners = deployments.filter(
        (one) => namespaceOf(one) === namespace && selects(selectorOf(one), labels),
      )
      expect([describeObject(object), owners.map(describeObject)]).toEqual([
        describeObject(object),
        object.kind === 'Deployment' ? [describeObject(object)] : [],
      ])
    }
  })
})

run(`V50 the lint itself${skipped}`, () => {
  test('names the case that the material has: two apps, one label `app: auth`', () => {
    const pod = (name: string, part: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels: { app: 'auth', [PART_OF]: part } },
      spec: { containers: [] },
    })
    const service: KubeObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'auth' },
      spec: { selector: { app: 'auth' } },
    }
    expect(selectedBy(service, workloadsOf([pod('a', 'course'), pod('b', 'lab')]))).toHaveLength(2)
  })
})

describe('S1.26 W23 base exposes nothing', () => {
  test.each(
    readManifests('deploy/base/**/*.yaml')
      .filter(({ object }) => object.kind === 'Service')
      .map(({ file, object }) => [file, object] as const),
  )('%s is a ClusterIP', (_, service) => {
    expect(service.spec?.type ?? 'ClusterIP').toBe('ClusterIP')
    expect((service.spec?.ports ?? []).every(({ nodePort }) => nodePort === undefined)).toBe(true)
  })
})

run(`S1.26 behind the door${skipped}`, () => {
  test.each([
    ['minikube', []],
    ['gateway', ['postern']],
    ['production', ['postern']],
  ])('in %s nothing is reachable from outside but %j', (overlay, doors) => {
    const external = services(render(`deploy/overlays/${overlay}`)).filter(({ spec }) =>
      EXTERNAL.includes(spec?.type ?? ''),
    )
    expect(external.map(({ metadata }) => metadata.name)).toEqual(doors)
  })
})

function target({ port, targetPort = port }: ServicePort): object {
  return typeof targetPort === 'number' ? { containerPort: targetPort } : { name: targetPort }
}

function isOurs({ container }: { readonly container: Container }): boolean {
  return container.image.startsWith('localhost/postern/')
}

function unique(objects: readonly KubeObject[]): readonly KubeObject[] {
  return [...new Map(objects.map((object) => [describeObject(object), object])).values()]
}
