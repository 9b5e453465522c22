// Rules for every Pod at once: what production-grade Pods owe (V51, D6, D7, W20, W21, W31).
import { describe, expect, test } from '@jest/globals'
import { describeObject, workloadsOf, type Container } from './kube-object.ts'
import { cannotRender, OVERLAYS, renderOverlay } from './render.ts'

const run = cannotRender === undefined ? describe : describe.skip
const skipped = cannotRender === undefined ? '' : ` (skipped: ${cannotRender})`

run(`every overlay${skipped}`, () => {
  describe.each(OVERLAYS)('%s', (overlay) => {
    const objects = cannotRender === undefined ? renderOverlay(overlay) : []
    const workloads = workloadsOf(objects)
    const containers = workloads.flatMap((one) => one.containers.map((container) => ({ ...one, container })))

    test('V51 S0.19 S0.10 W20 every image has a tag, and none is `latest`', () => {
      for (const { container } of containers)
        expect(container.image).toMatch(/^[a-z0-9./-]+:(?!latest)[\w.-]+(@sha256:[0-9a-f]{64})?$/)
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

    test('W21 no Pod is killed while its hook waits and its app drains, which takes up to 30 s', () => {
      for (const { object, pod, container } of containers.filter(isOurs)) {
        const { sleep } = container.lifecycle?.preStop ?? {}
        if (sleep === undefined) continue // an nginx or a Pod of the material
        const needed = sleep.seconds + 30
        expect([describeObject(object), (pod.terminationGracePeriodSeconds ?? 30) > needed]).toEqual([
          describeObject(object),
          true,
        ])
      }
    })

    test('W20 Pod Security `restricted`: safe sysctls, volumes of its kinds, nothing of the host', () => {
      const safe =
        /^(kernel\.shm_rmid_forced|net\.ipv4\.(ip_local_port_range|ip_unprivileged_port_start|tcp_syncookies|ping_group_range))$/
      const kinds = [
        'configMap',
        'csi',
        'downwardAPI',
        'emptyDir',
        'ephemeral',
        'persistentVolumeClaim',
        'projected',
        'secret',
      ]
      for (const { object, pod, containers: own } of workloads) {
        const { sysctls = [] } = pod.securityContext ?? {}
        expect(sysctls.filter(({ name }) => !safe.test(name))).toEqual([])
        for (const { name, ...source } of pod.volumes ?? [])
          expect([name, kinds]).toEqual([name, expect.arrayContaining(Object.keys(source))])
        const text = JSON.stringify([object.spec, own])
        expect([
          describeObject(object),
          text.match(/"(host(Network|PID|IPC|Port|Path)|privileged|procMount)":/),
        ]).toEqual([describeObject(object), null])
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
  })
})

function isOurs({ container }: { readonly container: Container }): boolean {
  return container.image.startsWith('localhost/postern/')
}
