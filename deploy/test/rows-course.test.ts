// The "static" rows of the course (S0, S2) in docs/contract.md, named by their ids.
import { describe, expect, test } from '@jest/globals'
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { find, workloadsOf, type Container, type KubeObject } from './kube-object.ts'
import { ROOT } from './read-manifests.ts'
import { cannotRender, renderOverlay } from './render.ts'

const run = cannotRender === undefined ? describe : describe.skip
const skipped = cannotRender === undefined ? '' : ` (skipped: ${cannotRender})`

const COURSE = ['users', 'auth', 'tasks', 'frontend'] as const

function container(objects: readonly KubeObject[], deployment: string, name: string): Container {
  const found = find(objects, 'Deployment', deployment).spec?.template?.spec.containers?.find(
    (one) => one.name === name,
  )
  if (found === undefined) throw new Error(`${deployment} has no container ${name}`)
  return found
}
const env = ({ env: variables = [] }: Container) =>
  Object.fromEntries(variables.map(({ name, value }) => [name, value]))
const ports = (service: KubeObject) =>
  (service.spec?.ports ?? []).map(
    ({ port, targetPort = port, protocol = 'TCP' }) => `${protocol} ${port}→${targetPort}`,
  )

run(`the course's objects${skipped}`, () => {
  const course = cannotRender === undefined ? renderOverlay('course') : []

  test.each([
    ['S0.11 S2.13', 'users'],
    ['S0.21 S2.25', 'auth'],
    ['S0.29 S2.36', 'tasks'],
    ['S0.37', 'frontend'],
  ])('V49 %s %s-deployment: one replica, label and selector app, a container of that name', (_, app) => {
    const deployment = find(course, 'Deployment', `${app}-deployment`)
    expect(deployment.apiVersion).toBe('apps/v1')
    expect(deployment.spec?.replicas).toBe(1)
    expect(deployment.spec?.selector?.matchLabels).toMatchObject({ app })
    expect(deployment.spec?.template?.metadata.labels).toMatchObject({ app })
    expect(deployment.spec?.template?.spec.containers?.map(({ name }) => name)).toEqual([app])
  })

  test.each([
    ['S0.14 S2.15', 'users', 'LoadBalancer', 'TCP 8080→8080'],
    ['S0.22 S2.25', 'auth', 'ClusterIP', 'TCP 80→80'],
    ['S0.30 S2.38', 'tasks', 'LoadBalancer', 'TCP 8000→8000'],
    ['S0.38', 'frontend', 'LoadBalancer', 'TCP 80→80'],
  ])('V49 %s %s-service: %s %s', (_, app, type, mapping) => {
    const service = find(course, 'Service', `${app}-service`)
    expect(service.spec?.type ?? 'ClusterIP').toBe(type)
    expect(ports(service)).toEqual([mapping])
    expect(service.spec?.selector).toMatchObject({ app })
    expect(service.spec?.ports?.every(({ nodePort }) => nodePort === undefined)).toBe(true)
  })

  test('S0.10 S2.4 the images are the course’s, each with its version', () => {
    expect(COURSE.map((app) => container(course, `${app}-deployment`, app).image)).toEqual([
      'localhost/postern/kub-demo-users:v3',
      'localhost/postern/kub-demo-auth:v1',
      'localhost/postern/kub-demo-tasks:v2',
      'localhost/postern/kub-demo-frontend:v2',
    ])
  })

  test('S2.36 tasks keeps its file on the emptyDir tasks-volume at /app/tasks, TASKS_FOLDER is tasks', () => {
    const pod = find(course, 'Deployment', 'tasks-deployment').spec?.template?.spec
    expect(pod?.volumes).toContainEqual({ name: 'tasks-volume', emptyDir: {} })
    const tasks = container(course, 'tasks-deployment', 'tasks')
    expect(tasks.volumeMounts).toContainEqual({ name: 'tasks-volume', mountPath: '/app/tasks' })
    expect(env(tasks)).toMatchObject({ TASKS_FOLDER: 'tasks' })
  })

  test('W16 W21 every container has the three probes, on the port of their own, and a delay before it stops', () => {
    for (const { containers } of workloadsOf(course))
      for (const { startupProbe, livenessProbe, readinessProbe, lifecycle } of containers) {
        expect([startupProbe?.httpGet, livenessProbe?.httpGet, readinessProbe?.httpGet]).toEqual([
          { path: '/healthz', port: 'health' },
          { path: '/healthz', port: 'health' },
          { path: '/readiness', port: 'health' },
        ])
        expect(lifecycle?.preStop).toEqual({ sleep: { seconds: 5 } })
      }
  })

  test('S4.36 the same image behaves by its ConfigMap: `settings` turns the demo on here and off in production', () => {
    const settings = (overlay: string) =>
      renderOverlay(overlay).find(
        ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith('settings-'),
      )?.data
    expect(settings('course')).toMatchObject({ DEMO_MODE: 'true' })
    expect(settings('production')).toMatchObject({ DEMO_MODE: 'false', APP_ENV: 'production' })
    expect(container(course, 'users-deployment', 'users').envFrom?.[0]?.configMapRef.name).toMatch(
      /^settings-/,
    )
  })
})

run(`three ways to find auth${skipped}`, () => {
  const overlay = (name: string) => (cannotRender === undefined ? renderOverlay(name) : [])

  test('S0.18 S2.19 pod-internal: one Pod, two containers', () => {
    const names = find(overlay('pod-internal'), 'Deployment', 'users-deployment').spec?.template?.spec
      .containers
    expect(names?.map(({ name }) => name)).toEqual(['users', 'auth'])
  })

  test('S0.20 S2.21 pod-internal: AUTH_ADDRESS is localhost:80', () => {
    expect(env(container(overlay('pod-internal'), 'users-deployment', 'users'))).toMatchObject({
      AUTH_ADDRESS: 'localhost:80',
    })
  })

  test('S2.20 pod-internal: auth has no Service and no Deployment of its own', () => {
    const named = overlay('pod-internal').filter(({ metadata }) => metadata.name.startsWith('auth'))
    expect(named).toEqual([])
  })

  test('S0.25 S2.37 pod-to-pod-env: neither users nor tasks has AUTH_ADDRESS, the Service comes first', () => {
    const objects = overlay('pod-to-pod-env')
    for (const app of ['users', 'tasks'])
      expect(env(container(objects, `${app}-deployment`, app))).not.toHaveProperty('AUTH_ADDRESS')
    const at = (kind: string, name: string) => objects.indexOf(find(objects, kind, name))
    expect(at('Service', 'auth-service')).toBeLessThan(at('Deployment', 'users-deployment'))
    expect(find(objects, 'Deployment', 'users-deployment').spec?.template?.spec.enableServiceLinks).toBe(true)
  })

  test('S0.26 S2.34 pod-to-pod-dns: AUTH_ADDRESS is auth-service.default', () => {
    for (const app of ['users', 'tasks'])
      expect(env(container(overlay('pod-to-pod-dns'), `${app}-deployment`, app))).toMatchObject({
        AUTH_ADDRESS: 'auth-service.default',
      })
  })
})

describe('where things stand', () => {
  test('S0.12 manifests stand apart from code, and no apply depends on an order of files', () => {
    expect(
      globSync('{apps,libs}/**/*.{yaml,yml}', {
        cwd: ROOT,
        exclude: ['**/node_modules/**', '**/testdata/**', '**/test/**'],
      }),
    ).toEqual([])
  })

  test.each(globSync('deploy/{overlays,components}/*', { cwd: ROOT }))(
    '%s has a README that says how',
    (folder) => {
      const readme = readFileSync(join(ROOT, folder, 'README.md'), 'utf8')
      if (folder.includes('overlays')) expect(readme).toContain(`kubectl apply -k ${folder}`)
      expect(readme.length).toBeGreaterThan(100)
    },
  )

  test('S0.39 the public host stands in the routing alone: no app, no library and no manifest of an app holds it', () => {
    const exclude = ['**/node_modules/**', '**/dist/**', '**/*.test.ts', '**/test/**']
    const files = globSync(
      ['{apps,libs}/**/src/**/*.{ts,tsx}', 'deploy/{base,components,overlays}/**/*.yaml', 'compose.yaml'],
      { cwd: ROOT, exclude },
    )
    expect(files.length).toBeGreaterThan(100)
    expect(
      files.filter((file) => /postern\.test|demo\.localhost/.test(readFileSync(join(ROOT, file), 'utf8'))),
    ).toEqual([])
  })

  test('S0.10 every app has a Containerfile of its own', () => {
    const files = globSync('deploy/images/*.Containerfile', { cwd: ROOT }).map(
      (file) => file.split('/')[2]?.split('.')[0],
    )
    const apps = readdirSync(join(ROOT, 'apps'), { withFileTypes: true })
      .filter((one) => one.isDirectory())
      .map(({ name }) => name)
    expect(apps.length).toBeGreaterThanOrEqual(9)
    // The page can also be served by nginx.
    expect(files.sort()).toEqual([...apps, 'frontend-nginx'].sort())
  })
})

describe('compose', () => {
  interface Compose {
    readonly services: Readonly<Record<string, ComposeService>>
  }
  interface ComposeService {
    readonly ports?: readonly string[]
    readonly environment?: Readonly<Record<string, string>>
    readonly healthcheck?: { readonly test: readonly string[] }
    readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
    readonly read_only?: boolean
    readonly stop_grace_period?: string
    readonly build?: { readonly context: string; readonly dockerfile: string }
    readonly image?: string
  }
  const read = (file: string) => parse(readFileSync(join(ROOT, file), 'utf8'), { merge: true }) as Compose

  test('S0.4 W29 auth, users, tasks and frontend; published on 127.0.0.1 only, auth not at all', () => {
    const { services } = read('compose.yaml')
    expect(Object.keys(services)).toEqual(['auth', 'users', 'tasks', 'frontend'])
    const published = Object.fromEntries(
      Object.entries(services).map(([name, { ports: own = [] }]) => [name, own]),
    )
    expect(published).toEqual({
      auth: [],
      users: ['127.0.0.1:8080:8080'],
      tasks: ['127.0.0.1:8000:8000'],
      frontend: ['127.0.0.1:80:80'],
    })
    expect(read('compose.yaml')).not.toHaveProperty('version')
  })

  test('W29 every service has a health check, and waits for what it calls', () => {
    const { services } = read('compose.yaml')
    for (const service of Object.values(services)) expect(service.healthcheck?.test[0]).toBe('CMD')
    expect(services['users']?.depends_on).toEqual({ auth: { condition: 'service_healthy' } })
    expect(services['tasks']?.depends_on).toEqual({ auth: { condition: 'service_healthy' } })
  })

  test('no service is killed while it drains, which takes up to 10 s', () => {
    const { services } = read('compose.yaml')
    const graces = Object.values(services).map(({ stop_grace_period: grace }) => grace)
    expect(graces).toEqual(graces.map(() => '15s'))
  })

  test('S2.18 the material’s own file: AUTH_ADDRESS for users alone, TASKS_FOLDER for tasks alone, auth without ports', () => {
    const { services } = read('deploy/compose/material.yaml')
    expect(services['users']?.environment).toMatchObject({ AUTH_ADDRESS: 'auth' })
    expect(services['tasks']?.environment).toMatchObject({ TASKS_FOLDER: 'tasks' })
    expect(services['tasks']?.environment).not.toHaveProperty('AUTH_ADDRESS')
    expect(services['auth']?.ports).toBeUndefined()
    expect([services['users']?.ports, services['tasks']?.ports]).toEqual([['8080:8080'], ['8000:8000']])
  })
})
