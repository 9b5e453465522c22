// The "static" rows of S4 (the lab) in docs/contract.md, named by their ids.
import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { find, selects, workloadsOf, type Container, type KubeObject } from './kube-object.ts'
import { ROOT } from './read-manifests.ts'
import { cannotRender, renderOverlay } from './render.ts'

const run = cannotRender === undefined ? describe : describe.skip
const skipped = cannotRender === undefined ? '' : ` (skipped: ${cannotRender})`
const overlay = (name: string) => (cannotRender === undefined ? renderOverlay(name) : [])
const nginxFile = (name: string) => readFileSync(join(ROOT, 'deploy/nginx', name), 'utf8')
const containersOf = (object: KubeObject): readonly Container[] => workloadsOf([object])[0]?.containers ?? []

run(`the lab${skipped}`, () => {
  const lab = overlay('lab')
  const monolithOf = (pod: string) =>
    containersOf(find(lab, 'Pod', pod)).find(({ name }) => name === 'monolith')

  test('S4.7 Pod monolith: label, the three flags, ports http 80 and health 81', () => {
    expect(find(lab, 'Pod', 'monolith').metadata.labels).toMatchObject({ app: 'monolith' })
    expect(monolithOf('monolith')?.args).toEqual(['-http=0.0.0.0:80', '-health=0.0.0.0:81', '-secret=secret'])
    expect(monolithOf('monolith')?.ports).toEqual([
      { name: 'http', containerPort: 80 },
      { name: 'health', containerPort: 81 },
    ])
  })

  test('S4.8 D6 cpu is limited to 0.2 as in the material, memory to what Node needs', () => {
    expect(monolithOf('monolith')?.resources?.limits).toEqual({ cpu: '200m', memory: '192Mi' })
  })

  test.each(['healthy-monolith', 'secure-monolith'])(
    'S4.24 %s: liveness GET /healthz on 81, delay 5, period 15, timeout 5',
    (pod) => {
      expect(monolithOf(pod)?.livenessProbe).toEqual({
        httpGet: { path: '/healthz', port: 81, scheme: 'HTTP' },
        initialDelaySeconds: 5,
        periodSeconds: 15,
        timeoutSeconds: 5,
      })
    },
  )

  test.each(['healthy-monolith', 'secure-monolith'])(
    'S4.25 %s: readiness GET /readiness on 81, delay 5, timeout 1',
    (pod) => {
      expect(monolithOf(pod)?.readinessProbe).toEqual({
        httpGet: { path: '/readiness', port: 81, scheme: 'HTTP' },
        initialDelaySeconds: 5,
        timeoutSeconds: 1,
      })
    },
  )

  test('S4.21 secure-monolith: nginx and the monolith in one Pod, labelled app: monolith but not secure', () => {
    const pod = find(lab, 'Pod', 'secure-monolith')
    expect(containersOf(pod).map(({ name }) => name)).toEqual(['nginx', 'monolith'])
    expect(pod.metadata.labels).toMatchObject({ app: 'monolith' })
    expect(pod.metadata.labels).not.toHaveProperty('secure')
  })

  test('S4.22 nginx stops gracefully: preStop runs nginx -s quit', () => {
    for (const one of [find(lab, 'Pod', 'secure-monolith'), find(lab, 'Deployment', 'frontend')])
      expect(containersOf(one)[0]?.lifecycle?.preStop?.exec?.command).toEqual([
        '/usr/sbin/nginx',
        '-s',
        'quit',
      ])
  })

  test('S4.23 the ConfigMap’s proxy.conf at /etc/nginx/conf.d, the Secret tls-certs at /etc/tls', () => {
    const pod = find(lab, 'Pod', 'secure-monolith')
    expect(containersOf(pod)[0]?.volumeMounts).toEqual(
      expect.arrayContaining([
        { name: 'nginx-proxy-conf', mountPath: '/etc/nginx/conf.d' },
        { name: 'tls-certs', mountPath: '/etc/tls' },
      ]),
    )
    expect(pod.spec?.volumes).toEqual(
      expect.arrayContaining([
        { name: 'tls-certs', secret: { secretName: 'tls-certs' } },
        {
          name: 'nginx-proxy-conf',
          configMap: { name: 'nginx-proxy-conf', items: [{ key: 'proxy.conf', path: 'proxy.conf' }] },
        },
      ]),
    )
    expect(find(lab, 'ConfigMap', 'nginx-proxy-conf').data).toEqual({
      'proxy.conf': nginxFile('lab/proxy.conf'),
    })
    expect(find(lab, 'ConfigMap', 'nginx-frontend-conf').data).toEqual({
      'frontend.conf': nginxFile('lab/frontend.conf'),
    })
  })

  test('S4.26 Service monolith: both labels, 443→443, NodePort 31000', () => {
    const { spec } = find(lab, 'Service', 'monolith')
    expect(spec?.selector).toMatchObject({ app: 'monolith', secure: 'enabled' })
    expect(spec?.type).toBe('NodePort')
    expect(spec?.ports).toEqual([
      { name: 'https', protocol: 'TCP', port: 443, targetPort: 443, nodePort: 31000 },
    ])
  })

  test('S4.28 S4.29 no Pod has what the Service asks for, until `kubectl label pods secure-monolith secure=enabled`', () => {
    const selector = find(lab, 'Service', 'monolith').spec?.selector ?? {}
    const labels = find(lab, 'Pod', 'secure-monolith').metadata.labels ?? {}
    expect(workloadsOf(lab).filter((one) => selects(selector, one.labels))).toEqual([])
    expect(selects(selector, { ...labels, secure: 'enabled' })).toBe(true)
  })

  test('S4.33 Deployment auth: one replica, track stable, auth:2.0.0, ports 80 and 81', () => {
    const auth = find(lab, 'Deployment', 'auth')
    expect(auth.spec?.replicas).toBe(1)
    expect(auth.spec?.template?.metadata.labels).toMatchObject({ app: 'auth', track: 'stable' })
    const [container] = containersOf(auth)
    expect(container?.image).toBe('localhost/postern/auth:2.0.0')
    expect(container?.ports?.map(({ containerPort }) => containerPort)).toEqual([80, 81])
    expect(container?.resources?.limits).toEqual({ cpu: '200m', memory: '192Mi' })
  })

  test('S4.32 auth and hello are internal, frontend is not', () => {
    const type = (name: string) => find(lab, 'Service', name).spec?.type ?? 'ClusterIP'
    expect([type('auth'), type('hello'), type('frontend')]).toEqual([
      'ClusterIP',
      'ClusterIP',
      'LoadBalancer',
    ])
    expect(find(lab, 'Service', 'frontend').spec?.ports?.[0]).toMatchObject({ port: 443, targetPort: 443 })
    expect(find(lab, 'Deployment', 'hello').spec?.replicas).toBe(3)
  })

  test('D8 auth and hello read the same key from a Secret', () => {
    for (const name of ['auth', 'hello']) {
      expect(containersOf(find(lab, 'Deployment', name))[0]?.env).toContainEqual({
        name: 'JWT_SECRET_FILE',
        value: '/etc/lab/secret',
      })
      expect(find(lab, 'Deployment', name).spec?.template?.spec.volumes).toContainEqual({
        name: 'lab-secret',
        secret: { secretName: 'lab-jwt' },
      })
    }
  })
})

run(`tracks${skipped}`, () => {
  const pods = (objects: readonly KubeObject[]) => {
    const selector = find(objects, 'Service', 'hello').spec?.selector ?? {}
    return Object.fromEntries(
      workloadsOf(objects)
        .filter(({ labels }) => selects(selector, labels))
        .map(({ object, containers }) => [
          `${object.metadata.name} ${containers[0]?.image.split(':')[1]}`,
          object.spec?.replicas,
        ]),
    )
  }

  test('W33 canary: three of 1.0.0 and one of 2.0.0 behind one Service', () => {
    expect(pods(overlay('lab-canary'))).toEqual({ 'hello 1.0.0': 3, 'hello-canary 2.0.0': 1 })
  })

  test('W33 blue and green: both run, the Service takes one', () => {
    expect(pods(overlay('lab-blue'))).toEqual({ 'hello 1.0.0': 3 })
    expect(pods(overlay('lab-green'))).toEqual({ 'hello-green 2.0.0': 3 })
  })

  test('W33 the Deployments of hello never select each other’s Pods', () => {
    for (const name of ['lab-canary', 'lab-green']) {
      const deployments = overlay(name).filter(
        ({ kind, metadata }) => kind === 'Deployment' && metadata.name.startsWith('hello'),
      )
      for (const one of deployments)
        for (const other of deployments)
          expect(
            selects(one.spec?.selector?.matchLabels ?? {}, other.spec?.template?.metadata.labels ?? {}),
          ).toBe(one === other)
    }
  })
})
