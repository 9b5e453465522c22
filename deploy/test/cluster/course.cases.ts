// The finished course as Pods, its page from Node and from nginx (V2-V11, S0.1-S0.16, S0.33-S0.44, S2.7-S2.10, S2.36).
import { afterEach, describe, expect } from '@jest/globals'
import { renderOverlay } from '../render.ts'
import { testIn } from './test-in.ts'
import { ACCOUNT, BEARER, TASK, walk } from './walk.ts'
import { curl, postJson, type World } from './world.ts'

export function courseCases(world: () => World): void {
  const test = testIn(world)
  afterEach(() => world().cluster.clear())

  describe('overlay course', () => {
    test('V2-V11 S0.2 S2.3 S0.5-S0.8 S0.15-S0.16 S0.34-S0.35 S2.7-S2.10: the printed commands, from containers', async () => {
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

    test('S2.36 S0.3 a task stands in /app/tasks, on the volume, and outlives a restart of the container', async () => {
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

  describe('overlay course-nginx', () => {
    test('S0.33 S0.40-S0.43 V11 D12 the page from nginx: /api/ taken off, log-in to users, a back end that is gone is 502', async () => {
      const { cluster } = world()
      await cluster.apply(renderOverlay('course-nginx'))
      const page = `http://${cluster.addressOf('frontend-service')}`
      expect((await curl(world(), `${page}/`)).body).toContain('<!doctype html>')
      expect(await curl(world(), `${page}/some/spa/route`)).toMatchObject({ status: 200 })
      expect((await curl(world(), `${page}/assets/missing.js`)).status).toBe(404)
      expect(await walk(world(), `${page}/api`, `${page}/api`)).toEqual([201, 200, 201, 200])
      await cluster.halt(cluster.podOf('tasks-deployment'))
      const gone = await curl(world(), ...BEARER, `${page}/api/tasks`)
      expect([gone.status, JSON.parse(gone.body)]).toEqual([502, { message: expect.any(String) }])
    })
  })
}
