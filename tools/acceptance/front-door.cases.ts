import { describe, expect, test } from '@jest/globals'
import type { SystemUnderTest } from './system-under-test.ts'

const JSON_PLEASE = { accept: 'application/json' }
const HTML_PLEASE = { accept: 'text/html,*/*;q=0.8' }

/** What the Ingress files promise, over HTTPS with the project's authority (contract S1). */
export function describeFrontDoor(system: () => SystemUnderTest): void {
  const login = async () => {
    const body = { email: 'test@test.com', password: 'testers' }
    const answer = await system().https('demo.localhost', '/api/login', { body })
    expect(answer.status).toBe(200)
    return (answer.json() as { token: string }).token
  }

  describe('front door', () => {
    test('V36 paths: /api/login gives a token, and with it /api/tasks stores and lists', async () => {
      const headers = { authorization: `Bearer ${await login()}` }
      const body = { title: 'By path', text: 'through the gateway' }
      expect((await system().https('demo.localhost', '/api/tasks', { headers, body })).status).toBe(201)
      const listed = await system().https('demo.localhost', '/api/tasks', { headers })
      expect(listed.text).toContain('By path')
    })

    test('V36 the shorter pattern takes what the longer one leaves: /api/loginx is a path of tasks', async () => {
      const answer = await system().https('demo.localhost', '/api/loginx', { headers: JSON_PLEASE })
      expect(answer.status).toBe(404)
      expect(answer.text).not.toContain('token')
    })

    test('V36 sub-domains: users and tasks answer under names of their own', async () => {
      const body = { email: 'test@test.com', password: 'tester' }
      expect((await system().https('users.demo.localhost', '/login', { body })).status).toBe(200)
      const listed = await system().https('tasks.demo.localhost', '/tasks')
      expect([listed.status, listed.json()]).toEqual([
        401,
        expect.objectContaining({ message: 'No token provided.' }),
      ])
    })

    test('V36 the same rules answer under .postern.test', async () => {
      expect((await system().https('demo.postern.test', '/')).status).toBe(200)
      expect((await system().https('lab.postern.test', '/')).text).toBe('{"message":"Hello"}\n')
    })

    test('V11 the page, its routes and its API have one origin', async () => {
      const page = await system().https('demo.localhost', '/', { headers: HTML_PLEASE })
      expect([page.status, page.headers['content-type']]).toEqual([200, expect.stringContaining('text/html')])
      const route = await system().https('demo.localhost', '/some/spa/route', { headers: HTML_PLEASE })
      expect([route.status, route.text]).toEqual([200, page.text])
      const asset = /(?:src|href)="(\/[^"]+\.(?:js|css))"/.exec(page.text)?.[1] ?? 'no asset found'
      expect((await system().https('demo.localhost', asset)).status).toBe(200)
      expect((await system().https('demo.localhost', '/assets/missing.js')).status).toBe(404)
      const list = await system().https('demo.localhost', '/api/tasks', {
        headers: { authorization: 'Bearer abc' },
      })
      expect(list.json()).toMatchObject({ message: 'Tasks loaded.' })
    })

    test('V30 the lab through the gateway: login at auth, secure at hello, three replicas', async () => {
      const basic = `Basic ${Buffer.from('user:password').toString('base64')}`
      const answer = await system().https('lab.localhost', '/login', { headers: { authorization: basic } })
      const { token } = answer.json() as { token: string }
      const secure = await system().https('lab.localhost', '/secure', {
        headers: { authorization: `Bearer ${token}` },
      })
      expect([secure.status, secure.text]).toEqual([200, '{"message":"Hello"}\n'])
      const refused = await system().https('lab.localhost', '/secure')
      expect([refused.status, refused.text]).toEqual([401, 'authorization failed\n'])
    })

    test('S1.23 hello.localhost: proxy-app shows what hello-app says in its own namespace', async () => {
      const answer = await system().https('hello.localhost', '/')
      expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('Hello Kubernetes!')])
    })

    test.each([
      ['an unknown host', 'nothing.demo.localhost', '/x'],
      ['an unknown path of a known host', 'hello.localhost', '/nothing/here'],
    ])('V37 %s gets the default backend, as HTML and as JSON', async (_what, host, path) => {
      const page = await system().https(host, path, { headers: HTML_PLEASE })
      expect([page.status, page.headers['content-type']]).toEqual([404, expect.stringContaining('text/html')])
      expect(page.text).toMatch(/<h1/)
      const data = await system().https(host, path, { headers: JSON_PLEASE })
      expect([data.status, data.headers['content-type']]).toEqual([404, expect.stringContaining('json')])
      expect(data.json()).toEqual(expect.objectContaining({ message: expect.any(String) }))
    })

    test('V38 every host shows its own certificate, and an unknown one the fallback', async () => {
      const names = async (host: string) => (await system().https(host, '/')).certificateNames
      expect(await names('demo.localhost')).toContain('DNS:demo.localhost')
      expect(await names('lab.localhost')).toBe('DNS:lab.localhost, DNS:lab.postern.test')
      expect(await names('users.demo.localhost')).toContain('DNS:users.demo.localhost')
      expect(await names('nothing.demo.localhost')).toContain('DNS:my-nginx')
    })

    test('V38 plain HTTP redirects with 308 to the HTTPS port, and the target answers', async () => {
      const redirect = await system().http('lab.localhost', '/version?x=1')
      expect([redirect.status, redirect.headers.location]).toEqual([
        308,
        `https://lab.localhost:${system().ports.https}/version?x=1`,
      ])
      expect((await system().https('lab.localhost', '/version?x=1')).status).toBe(200)
    })

    test('V38 a client that does not know the authority refuses the certificate', async () => {
      await expect(system().https('demo.localhost', '/', { ca: '' })).rejects.toMatchObject({
        code: expect.stringMatching(/CERT|SIGNATURE|ISSUER/),
      })
    })

    test('the shipped manifests give no finding', async () => {
      const found = await system().direct(system().ports.admin, '/diagnostics')
      expect(found.json()).toEqual([])
    })

    test('V9 no host and no path of the gateway gives an answer of auth', async () => {
      const hosts = [
        'demo.localhost',
        'users.demo.localhost',
        'tasks.demo.localhost',
        'lab.localhost',
        'hello.localhost',
        'auth.demo.localhost',
        'auth-service',
      ]
      for (const host of hosts)
        for (const path of [
          '/verify-token/abc',
          '/api/verify-token/abc',
          '/hashed-password/x',
          '/tokens/verify',
        ]) {
          const answer = await ask(host, path)
          expect([host, path, answer]).toEqual([
            host,
            path,
            expect.not.stringMatching(/Valid token|hashedPassword|"uid"/),
          ])
        }
    })

    // No certificate names auth-service; what matters here is the answer, so the name goes into Host only.
    const ask = async (host: string, path: string) =>
      (await system().https('nothing.demo.localhost', path, { headers: { host } })).text
  })
}
