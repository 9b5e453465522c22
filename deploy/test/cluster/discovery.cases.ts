// How users and tasks find auth, as Pods: V14-V18 and V20, each the whole walk (V13 and V19: compose.cases.ts).
import { afterEach, describe, expect } from '@jest/globals'
import { find, type Container, type KubeObject } from '../kube-object.ts'
import { renderOverlay } from '../render.ts'
import { testIn } from './test-in.ts'
import { BEARER, TASK, walk } from './walk.ts'
import { curl, postJson, type World } from './world.ts'

const ALL_DONE = [201, 200, 201, 200]
/** The health port that is left in a Pod where users has 81 and auth 82. */
const HEALTH_PORT = 83

export function discoveryCases(world: () => World): void {
  const test = testIn(world)
  afterEach(() => world().cluster.clear())

  /** The whole walk at the Services. */
  const walkThere = () => {
    const { cluster } = world()
    const users = `http://${cluster.addressOf('users-service')}:8080`
    return walk(world(), users, `http://${cluster.addressOf('tasks-service')}:8000`)
  }
  /** What the process sees, as users has it. */
  const environment = async () => {
    const { cluster, podman } = world()
    const container = `${cluster.podOf('users-deployment').name}-users`
    const print = ['/usr/local/bin/node', '-p', 'JSON.stringify(process.env)']
    return JSON.parse(await podman.podman('exec', container, ...print)) as Readonly<Record<string, string>>
  }

  describe('in one Pod', () => {
    test('S0.18 S0.20 S2.21-S2.23 pod-internal as it stands: two containers, signup and login', async () => {
      const { cluster, podman } = world()
      await cluster.apply(renderOverlay('pod-internal'))
      const users = `http://${cluster.addressOf('users-service')}:8080`
      const account = { email: 'aaa@aaa.com', password: 'aaa' }
      expect((await postJson(world(), `${users}/signup`, account)).status).toBe(201)
      expect((await postJson(world(), `${users}/login`, account)).status).toBe(200)
      const { name } = cluster.podOf('users-deployment')
      const names = await podman.podman('ps', '--filter', `pod=${name}`, '--format', '{{.Names}}')
      expect(
        names
          .split('\n')
          .filter((one) => !one.endsWith('-infra'))
          .sort(),
      ).toEqual([`${name}-auth`, `${name}-users`])
    })

    for (const [rows, address] of [
      ['V14 S3.1', 'localhost'],
      ['V15 S2.17', 'localhost:80'],
    ] as const)
      test(`${rows} AUTH_ADDRESS=${address}, with tasks in the same Pod`, async () => {
        const { cluster } = world()
        await cluster.apply(withTasksInside(renderOverlay('pod-internal'), address))
        const pod = cluster.podOf('users-deployment').address
        expect(await walk(world(), `http://${pod}:8080`, `http://${pod}:8000`)).toEqual(ALL_DONE)
      })
  })

  describe('from Pod to Pod', () => {
    test('V16 S0.23 S0.24 S2.28 AUTH_ADDRESS is the ClusterIP, set as `kubectl set env` does', async () => {
      const { cluster } = world()
      await cluster.apply(renderOverlay('pod-to-pod-env'))
      const address = cluster.addressOf('auth-service')
      expect(address).toMatch(/^\d+(\.\d+){3}$/)
      for (const deployment of ['users-deployment', 'tasks-deployment'])
        await cluster.setEnv(deployment, { AUTH_ADDRESS: address })
      expect(await environment()).toMatchObject({ AUTH_ADDRESS: address })
      expect(await walkThere()).toEqual(ALL_DONE)
    })

    test('V17 S0.26 S2.34 pod-to-pod-dns: auth-service.default', async () => {
      await world().cluster.apply(renderOverlay('pod-to-pod-dns'))
      expect(await environment()).toMatchObject({ AUTH_ADDRESS: 'auth-service.default' })
      expect(await walkThere()).toEqual(ALL_DONE)
    })

    test('V18 S0.25 S2.29 S2.37 W31 pod-to-pod-env: no AUTH_ADDRESS, the injected variables do', async () => {
      const { cluster } = world()
      await cluster.apply(renderOverlay('pod-to-pod-env'))
      expect(await walkThere()).toEqual(ALL_DONE)
      const seen = await environment()
      expect(seen).toMatchObject({
        AUTH_SERVICE_SERVICE_HOST: cluster.addressOf('auth-service'),
        AUTH_SERVICE_PORT: expect.stringMatching(/^tcp:/),
      })
      expect(seen).not.toHaveProperty('AUTH_ADDRESS')
    })

    test('V20 S2.30 both variables in one process', async () => {
      const { cluster } = world()
      await cluster.apply(renderOverlay('pod-to-pod-env'))
      await cluster.setEnv('users-deployment', { AUTH_ADDRESS: 'auth-service.default' })
      expect(await environment()).toMatchObject({
        AUTH_ADDRESS: 'auth-service.default',
        AUTH_SERVICE_SERVICE_HOST: cluster.addressOf('auth-service'),
      })
      expect(await walkThere()).toEqual(ALL_DONE)
    })

    test('S0.17 S0.28 a host that is not there: no success, and no task', async () => {
      const { cluster } = world()
      await cluster.apply(renderOverlay('pod-to-pod-dns'))
      for (const deployment of ['users-deployment', 'tasks-deployment'])
        await cluster.setEnv(deployment, { AUTH_ADDRESS: 'nowhere.invalid' })
      const users = `http://${cluster.addressOf('users-service')}:8080`
      const tasks = `http://${cluster.addressOf('tasks-service')}:8000/tasks`
      const account = { email: 'aaa@aaa.com', password: 'aaa' }
      expect((await postJson(world(), `${users}/signup`, account)).status).toBe(500)
      expect((await postJson(world(), tasks, TASK, ...BEARER)).status).toBeGreaterThanOrEqual(500)
      expect((await curl(world(), ...BEARER, tasks)).status).toBeGreaterThanOrEqual(500)
    })
  })
}

/** The overlay's Pod with the container of tasks beside the other two, all of them told `address`. */
function withTasksInside(objects: readonly KubeObject[], address: string): readonly KubeObject[] {
  const [tasks] =
    find(renderOverlay('course'), 'Deployment', 'tasks-deployment').spec?.template?.spec.containers ?? []
  if (tasks === undefined) throw new Error('the course has no container of tasks')
  const own: Container = {
    ...tasks,
    env: [
      { name: 'TASKS_FOLDER', value: '/tmp/tasks' },
      { name: 'HEALTH_PORT', value: String(HEALTH_PORT) },
    ],
    ports: [{ name: 'health', containerPort: HEALTH_PORT }],
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  }
  return objects.map((object) => {
    const template = object.spec?.template
    if (object.kind !== 'Deployment' || template === undefined) return object
    const containers = [...(template.spec.containers ?? []), own].map((container) =>
      withAddress(container, address),
    )
    return {
      ...object,
      spec: { ...object.spec, template: { ...template, spec: { ...template.spec, containers } } },
    }
  })
}

function withAddress(container: Container, address: string): Container {
  const others = (container.env ?? []).filter(({ name }) => name !== 'AUTH_ADDRESS')
  return { ...container, env: [...others, { name: 'AUTH_ADDRESS', value: address }] }
}
