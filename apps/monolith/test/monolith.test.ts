import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { runApp, startApp, until, type AppProcess } from '@postern/testing'

const PLAIN = 'text/plain; charset=utf-8'
const basic = (account: string) => `Basic ${Buffer.from(account).toString('base64')}`

let monolith: AppProcess
beforeAll(async () => {
  monolith = await startApp({
    folder: 'apps/monolith',
    env: { DEMO_MODE: '1', LOG_FORMAT: 'common' },
    args: ['-http=127.0.0.1:0', '-health=127.0.0.1:0', '-secret=other'],
  })
})
afterAll(() => monolith.stop())

async function login(account = 'user:password'): Promise<Response> {
  return fetch(`${monolith.url}/login`, { headers: { authorization: basic(account) } })
}

async function tokenOf(reply: Response): Promise<string> {
  return ((await reply.json()) as { token: string }).token
}

async function answer(url: string, init?: RequestInit): Promise<[number, string | null, string]> {
  const reply = await fetch(url, init)
  return [reply.status, reply.headers.get('content-type'), await reply.text()]
}

describe('the monolith as a process, in demo mode', () => {
  test('V21 S4.11 greets on / and on every path', async () => {
    const greeting = [200, PLAIN, '{"message":"Hello"}\n']
    expect(await answer(monolith.url)).toEqual(greeting)
    expect(await answer(`${monolith.url}/any/path?query`, { method: 'POST', body: 'x' })).toEqual(greeting)
  })

  test('V22 S4.12 /secure without a token is 401 authorization failed', async () => {
    expect(await answer(`${monolith.url}/secure`)).toEqual([401, PLAIN, 'authorization failed\n'])
  })

  test('V23 S4.13 /login with user and password gives a token, anything else the same 401', async () => {
    const reply = await login()
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, PLAIN])
    expect(await reply.json()).toEqual({ token: expect.any(String) })
    for (const account of ['user:wrong', 'nobody:password', 'user']) {
      const refusal = await login(account)
      expect([refusal.status, await refusal.text()]).toEqual([401, 'authorization failed\n'])
      expect(refusal.headers.get('www-authenticate')).toBeNull()
    }
  })

  test('V24 S4.14 the token is a JWT of three parts, HS256', async () => {
    const parts = (await tokenOf(await login())).split('.')
    expect(parts).toHaveLength(3)
    expect(JSON.parse(Buffer.from(parts[0] ?? '', 'base64url').toString())).toEqual({
      alg: 'HS256',
      typ: 'JWT',
    })
  })

  test('V25 V28 S4.15 /secure greets with the token, signed with the key of -secret=other', async () => {
    const headers = { authorization: `Bearer ${await tokenOf(await login())}` }
    expect(await answer(`${monolith.url}/secure`, { headers })).toEqual([200, PLAIN, '{"message":"Hello"}\n'])
  })

  test('V26 /version tells 1.0.0', async () => {
    expect(await answer(`${monolith.url}/version`)).toEqual([200, PLAIN, '{"version":"1.0.0"}\n'])
  })

  test('V27 S4.24 S4.25 W17 each probe answers on the health port and can be flipped', async () => {
    for (const [probe, other] of [
      ['healthz', 'readiness'],
      ['readiness', 'healthz'],
    ]) {
      expect(await answer(`${monolith.healthUrl}/${probe}`)).toEqual([200, null, ''])
      expect(await answer(`${monolith.healthUrl}/${probe}/status`)).toEqual([200, null, ''])
      expect(await answer(`${monolith.healthUrl}/${probe}`)).toEqual([503, null, ''])
      expect(await answer(`${monolith.healthUrl}/${other}`)).toEqual([200, null, ''])
      expect(await answer(`${monolith.healthUrl}/${probe}/status`)).toEqual([200, null, ''])
      expect(await answer(`${monolith.healthUrl}/${probe}`)).toEqual([200, null, ''])
    }
  })

  test('V31 S4.16 the start-up lines name both listeners, once', () => {
    const { host } = new URL(monolith.url)
    const health = new URL(monolith.healthUrl).host
    for (const line of [
      'Starting server...',
      `Health service listening on ${health}`,
      `HTTP service listening on ${host}`,
    ]) {
      expect(monolith.output().split(`${line}\n`)).toHaveLength(2)
    }
  })

  test('V31 S4.17 the access line has the path without its query, and no secret', async () => {
    const headers = {
      'user-agent': 'lab-client/1.0',
      authorization: `Bearer ${await tokenOf(await login())}`,
    }
    await fetch(`${monolith.url}/secure?access_token=hidden`, { headers })
    const line =
      /^127\.0\.0\.1:\d+ - - \[\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d UTC\] "GET \/secure HTTP\/1\.1" lab-client\/1\.0$/m
    await until('the access line is written', () => line.test(monolith.output()))
    expect(monolith.output()).not.toMatch(/hidden|eyJ|dXNlcjpw/)
  })
})

describe('the monolith otherwise', () => {
  test('V28 S4.7 takes its flags in all four forms', async () => {
    const app = await startApp({
      folder: 'apps/monolith',
      env: { DEMO_MODE: '1' },
      args: ['--http', '127.0.0.1:0', '-health', '127.0.0.1:0', '--secret=s'],
    })
    expect((await fetch(`${app.url}/version`)).status).toBe(200)
    expect(await app.stop('SIGINT')).toBe(0)
  })

  test('V46 without demo mode has no toggles, and user / password cannot log in', async () => {
    const app = await startApp({ folder: 'apps/monolith', args: ['-secret=other'] })
    const headers = { authorization: basic('user:password') }
    expect(await answer(`${app.url}/login`, { headers })).toEqual([401, PLAIN, 'authorization failed\n'])
    expect((await fetch(`${app.healthUrl}/readiness/status`)).status).toBe(404)
    expect((await fetch(`${app.healthUrl}/readiness`)).status).toBe(200)
    expect(await app.stop()).toBe(0)
  })

  test.each([
    ['D8 a missing secret', {}, [], /^JWT_SECRET_FILE is missing/m],
    ['D8 the well-known secret', {}, ['-secret=secret'], /^-secret is .*a secret of your own/m],
    ['an unknown flag', { DEMO_MODE: '1' }, ['-port=80'], /"-port": expected only the flags -http/m],
    ['demo mode in production', { DEMO_MODE: '1', APP_ENV: 'production' }, [], /^DEMO_MODE is "1"/m],
  ])('refuses %s with exit code 2', async (_what, env, args, message) => {
    const { code, output } = await runApp({ folder: 'apps/monolith', env, args })
    expect(output).toMatch(message)
    expect(code).toBe(2)
  })
})
