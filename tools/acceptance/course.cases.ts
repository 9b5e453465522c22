import { describe, expect, test } from '@jest/globals'
import type { SystemUnderTest } from './system-under-test.ts'

const DEMO = { authorization: 'Bearer abc' }

/** What the course prints, at the addresses it prints (contract S0, S2). */
export function describeCourse(system: () => SystemUnderTest): void {
  const users = (path: string, body: unknown) => system().direct(system().ports.users, path, { body })
  const tasks = (headers: Record<string, string>, body?: unknown) =>
    system().direct(system().ports.tasks, '/tasks', { headers, ...(body === undefined ? {} : { body }) })

  describe('course', () => {
    test.each(['testers', 'tester'])(
      'V2 V3 the demo account logs in with %s, without a signup',
      async (password) => {
        const answer = await users('/login', { email: 'test@test.com', password })
        expect(answer.status).toBe(200)
        expect(answer.json()).toEqual(expect.objectContaining({ token: expect.any(String) }))
      },
    )

    test('V4 V5 a task is stored and listed with the token of the material', async () => {
      const stored = await tasks(DEMO, { text: 'A second task', title: 'Do this,too' })
      expect(stored.status).toBe(201)
      expect(stored.json()).toMatchObject({
        message: 'Task stored.',
        createdTask: { title: 'Do this,too', text: 'A second task' },
      })
      const listed = await tasks(DEMO)
      expect(listed.status).toBe(200)
      expect(listed.json()).toMatchObject({
        message: 'Tasks loaded.',
        tasks: expect.arrayContaining([
          expect.objectContaining({ title: 'Do this,too', text: 'A second task' }),
        ]),
      })
    })

    test('V6 without the header the answer is 401 No token provided.', async () => {
      const answer = await tasks({})
      expect(answer.status).toBe(401)
      expect(answer.json()).toMatchObject({ message: 'No token provided.' })
    })

    test('V7 aaa@aaa.com signs up, twice, and logs in', async () => {
      const account = { email: 'aaa@aaa.com', password: 'aaa' }
      for (const time of ['first', 'second']) {
        const answer = await users('/signup', account)
        expect([time, answer.status, answer.json()]).toEqual([
          time,
          201,
          expect.objectContaining({ message: 'User created!' }),
        ])
      }
      expect((await users('/login', account)).status).toBe(200)
      expect((await users('/login', { ...account, password: 'aab' })).status).toBe(401)
    })

    test('V8 the token of a login stores and lists tasks of its own', async () => {
      const { token } = (await users('/login', { email: 'aaa@aaa.com', password: 'aaa' })).json() as {
        token: string
      }
      const mine = { authorization: `Bearer ${token}` }
      expect((await tasks(mine, { text: 'A text', title: 'A title' })).status).toBe(201)
      const { tasks: list } = (await tasks(mine)).json() as { tasks: { title: string }[] }
      expect(list.map(({ title }) => title)).toEqual(['A title'])
    })

    test('V10 a preflight is answered without a token, and the headers stand on a 401 too', async () => {
      const origin = { origin: 'http://x' }
      const preflight = await system().direct(system().ports.tasks, '/tasks', {
        method: 'OPTIONS',
        headers: {
          ...origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        },
      })
      expect(preflight.status).toBeGreaterThanOrEqual(200)
      expect(preflight.status).toBeLessThan(300)
      for (const answer of [preflight, await tasks(origin)])
        expect(answer.headers).toMatchObject({
          'access-control-allow-origin': '*',
          'access-control-allow-methods': 'POST,GET,OPTIONS',
          'access-control-allow-headers': 'Content-Type,Authorization',
        })
    })

    test('V12 S0.6 users and tasks listen on loopback only', () => {
      expect(system().running.apps.every(({ address }) => address.startsWith('127.'))).toBe(true)
    })
  })
}
