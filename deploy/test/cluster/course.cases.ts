// The course's topologies as Pods (V1-V12, V14-V20, S0.18-S0.31, S2.17-S2.39).
import { afterEach, describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ROOT } from '../read-manifests.ts'
import { renderOverlay } from '../render.ts'
import { curl, postJson, type World } from './world.ts'

const ACCOUNT = { email: 'aaa@aaa.com', password: 'aaa' }
const TASK = { text: 'A second task', title: 'Do this,too' }
const BEARER = ['-H', 'Authorization: Bearer abc']

/** Signup, login, store, list: V7, V4 and V5, with the statuses in that order. */
async function walk(world: World, users: string, tasks: string): Promise<readonly number[]> {
  const answers = [
    await postJson(world, `${users}/signup`, ACCOUNT),
    await postJson(world, `${users}/login`, ACCOUNT),
    await postJson(world, `${tasks}/tasks`, TASK, ...BEARER),
    await curl(world, '-X', 'GET', ...BEARER, `${tasks}/tasks`),
  ]
  expect(answers[3]?.body).toContain('Do this,too')
  return answers.map(({ status }) => status)
}

export function courseCases(world: () => World): void {
  afterEach(() => world().cluster.clear())

  describe('overlay course', () => {
    test('V2-V11 S0.5-S0.8 S0.15-S0.16 S0.34-S0.35 S2.7-S2.10: the printed commands, from containers', async () => {
      const { cluster } = world()
      await cluster.apply(renderOverlay('course'))
      const users = `http://${cluster.addressOf('users-service')}:8080`
      const tasks = `http://${cluster.addressOf('tasks-service')}:8000`
      const page = `http://${cluster.addressOf('frontend-service')}`

      expect(await curl(world(), ...BEARER, `${tasks}/tasks`)).toMatchObject({
        status: 200,
        body: '{"message":"Tasks loaded.","tasks":[]}',
      })
      const login = await postJson(world(), `${users}/login`, { email: 'test@test.com', password: 'testers' })
      expect([login.status, JSON.parse(login.body)]).toEqual([
        200,
        expect.objectContaining({ token: expect.any(String) }),
      ])
      expect(
        (await postJson(world(), `${users}/login`, { email: 'test@test.com', password: 'tester' })).status,
      ).toBe(200)
      const stored = await postJson(world(), `${tasks}/tasks`, TASK, ...BEARER)
      expect([stored.status, stored.body]).toEqual([201, expect.stringContaining('"message":"Task stored."')])
      expect((await curl(world(), ...BEARER, `${tasks}/tasks`)).body).toContain('Do this,too')
      expect(await curl(world(), `${tasks}/tasks`)).toMatchObject({
        status: 401,
        body: expect.stringContaining('No token provided.'),
      })
      expect(await walk(world(), users, tasks)).toEqual([201, 200, 201, 200])

      const { token } = JSON.parse(login.body) as { token: string }
      const mine = ['-H', `Authorization: Bearer ${token}`]
      expect(
        (await postJson(world(), `${tasks}/tasks`, { text: 'A text', title: 'A title' }, ...mine)).status,
      ).toBe(201)
      expect((await curl(world(), ...mine, `${tasks}/tasks`)).status).toBe(200)

      const preflight = await curl(
        world(),
        '-i',
        '-X',
        'OPTIONS',
        '-H',
        'Origin: http://x',
        '-H',
        'Access-Control-Request-Method: POST',
        '-H',
        'Access-Control-Request-Headers: authorization,content-type',
        `${tasks}/tasks`,
      )
      expect(preflight.status).toBeLessThan(300)
      expect(preflight.body.toLowerCase()).toContain('access-control-allow-origin: *')

      expect(await curl(world(), `${page}/`)).toMatchObject({
        status: 200,
        body: expect.stringContaining('<!doctype html>'),
      })
      expect((await curl(world(), ...BEARER, `${page}/api/tasks`)).body).toContain('Do this,too')
      expect((await postJson(world(), `${page}/api/login`, ACCOUNT)).status).toBe(200)
    })

    test('S0.1 W8 with auth gone signup is 500, login and tasks are 503, and both live on', async () => {
      const { cluster } = world()
      await cluster.apply(renderOverlay('pod-to-pod-dns'))
      const users = `http://${cluster.addressOf('users-service')}:8080`
      const tasks = `http://${cluster.addressOf('tasks-service')}:8000`
      const auth = cluster.podOf('auth-deployment')
      await cluster.halt(auth)
      expect((await postJson(world(), `${users}/signup`, ACCOUNT)).status).toBe(500)
      expect((await postJson(world(), `${users}/login`, ACCOUNT)).status).toBe(503)
      await cluster.resume(auth)
      expect(await walk(world(), users, tasks)).toEqual([201, 200, 201, 200])
    })

    test('S2.36 a task stands in /app/tasks, on the volume, and outlives a restart of the container', async () => {
      const { cluster, podman } = world()
      await cluster.apply(renderOverlay('pod-to-pod-dns'))
      const tasks = `http://${cluster.addressOf('tasks-service')}:8000`
      await postJson(world(), `${tasks}/tasks`, TASK, ...BEARER)
      const pod = cluster.podOf('tasks-deployment')
      const files = await podman.podman(
        'exec',
        `${pod.name}-tasks`,
        '/usr/local/bin/node',
        '-p',
        "require('fs').readdirSync('/app/tasks').join()",
      )
      expect(files).toContain('tasks')
      await cluster.halt(pod)
      await cluster.resume(pod)
      expect((await curl(world(), ...BEARER, `${tasks}/tasks`)).body).toContain('Do this,too')
    })
  })

  describe('three ways to find auth', () => {
    test('V14 V15 S0.18 S0.20 S2.21-S2.23 pod-internal: two containers of one Pod, AUTH_ADDRESS=localhost:80', async () => {
      const { cluster, podman } = world()
      await cluster.apply(renderOverlay('pod-internal'))
      const users = `http://${cluster.addressOf('users-service')}:8080`
      expect((await postJson(world(), `${users}/signup`, ACCOUNT)).status).toBe(201)
      expect((await postJson(world(), `${users}/login`, ACCOUNT)).status).toBe(200)
      const pod = cluster.podOf('users-deployment')
      const containers = await podman.podman(
        'ps',
        '--pod',
        '--filter',
        `pod=${pod.name}`,
        '--format',
        '{{.Names}}',
      )
      expect(
        containers
          .split('\n')
          .filter((name) => !name.endsWith('-infra'))
          .sort(),
      ).toEqual([`${pod.name}-auth`, `${pod.name}-users`])
    })

    test('V18 S0.25 S2.29 S2.37 W31 pod-to-pod-env: no AUTH_ADDRESS, the injected variables do', async () => {
      const { cluster, podman } = world()
      await cluster.apply(renderOverlay('pod-to-pod-env'))
      const users = `http://${cluster.addressOf('users-service')}:8080`
      const tasks = `http://${cluster.addressOf('tasks-service')}:8000`
      expect(await walk(world(), users, tasks)).toEqual([201, 200, 201, 200])
      const pod = cluster.podOf('users-deployment')
      const env = await podman.podman(
        'exec',
        `${pod.name}-users`,
        '/usr/local/bin/node',
        '-p',
        'JSON.stringify(process.env)',
      )
      expect(JSON.parse(env)).toMatchObject({
        AUTH_SERVICE_SERVICE_HOST: cluster.addressOf('auth-service'),
        AUTH_SERVICE_PORT: expect.stringMatching(/^tcp:/),
      })
      expect(JSON.parse(env)).not.toHaveProperty('AUTH_ADDRESS')
    })

    test('V17 S0.26 S2.34 pod-to-pod-dns: auth-service.default', async () => {
      const { cluster } = world()
      await cluster.apply(renderOverlay('pod-to-pod-dns'))
      expect(
        await walk(
          world(),
          `http://${cluster.addressOf('users-service')}:8080`,
          `http://${cluster.addressOf('tasks-service')}:8000`,
        ),
      ).toEqual([201, 200, 201, 200])
    })
  })

  describe('compose', () => {
    interface Compose {
      readonly services: Readonly<Record<string, ComposeService>>
    }
    interface ComposeService {
      readonly image: string
      readonly environment?: Readonly<Record<string, string>>
      readonly ports?: readonly string[]
      readonly read_only?: boolean
      readonly tmpfs?: readonly string[]
      readonly cap_drop?: readonly string[]
    }

    test.each([
      ['V1-V12 compose.yaml', 'compose.yaml'],
      ['V19 S2.18 S2.31 the material’s own file', 'deploy/compose/material.yaml'],
    ])('%s: every service as it says, names by the network', async (_, file) => {
      const { podman } = world()
      const { services } = parse(readFileSync(join(ROOT, file), 'utf8'), { merge: true }) as Compose
      await podman.podman('network', 'create', 'compose', '--subnet', '10.79.0.0/24', '--disable-dns')
      const names = Object.keys(services)
      const address = (name: string) => `10.79.0.${10 + names.indexOf(name)}`
      try {
        for (const [name, service] of Object.entries(services)) {
          const environment = Object.entries(service.environment ?? {}).flatMap(([key, value]) => [
            '--env',
            `${key}=${value}`,
          ])
          const others = names.flatMap((other) => ['--add-host', `${other}:${address(other)}`])
          const published = (service.ports ?? []).flatMap((port) => ['--publish', port])
          const hardened = [
            ...(service.read_only === true ? ['--read-only'] : []),
            ...(service.tmpfs ?? []).flatMap((path) => ['--tmpfs', path]),
            ...(service.cap_drop ?? []).flatMap((cap) => ['--cap-drop', cap]),
          ]
          await podman.podman(
            'run',
            '--detach',
            '--name',
            `compose-${name}`,
            '--network',
            'compose',
            '--ip',
            address(name),
            ...others,
            ...environment,
            ...published,
            ...hardened,
            service.image,
          )
        }
        const deadline = Date.now() + 60_000
        for (const name of names)
          while (
            (await curl(world(), `http://${address(name)}:81/readiness`)).status !== 200 &&
            Date.now() < deadline
          )
            await pause(100)
        expect(await walk(world(), 'http://localhost:8080', 'http://localhost:8000')).toEqual([
          201, 200, 201, 200,
        ])
        // V9: nothing of auth is published; on port 80 there is the page or nothing.
        expect((await curl(world(), 'http://localhost/verify-token/abc')).body).not.toContain('Valid token.')
        if (names.includes('frontend')) {
          expect((await curl(world(), 'http://localhost/')).body).toContain('<!doctype html>')
          expect((await curl(world(), ...BEARER, 'http://localhost/api/tasks')).body).toContain('Do this,too')
        }
      } finally {
        await podman.podman('rm', '--force', '--time', '0', ...names.map((name) => `compose-${name}`))
        await podman.podman('network', 'rm', 'compose')
      }
    })
  })
}
