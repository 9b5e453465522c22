import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { runApp, startApp, type AppProcess } from '@postern/testing'
import { once } from 'node:events'
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a service behind `/api/` saw, echoed as its answer. */
interface Echo {
  readonly service: string
  readonly method: string
  readonly url: string
  readonly body: string
  readonly headers: Record<string, string>
}

const webRoot = mkdtempSync(join(tmpdir(), 'frontend-'))
const servers: Server[] = []
const arrived: string[] = []
let frontend: AppProcess

beforeAll(async () => {
  mkdirSync(join(webRoot, 'assets'))
  writeFileSync(join(webRoot, 'index.html'), '<title>the page</title>')
  writeFileSync(join(webRoot, 'assets/index-abc123.js'), 'run()')
  const env = { WEB_ROOT: webRoot, USERS_ADDRESS: await echo('users'), TASKS_ADDRESS: await echo('tasks') }
  frontend = await startApp({ folder: 'apps/frontend/server', env })
})
afterAll(async () => {
  await frontend.stop()
  for (const server of servers) server.close()
  rmSync(webRoot, { recursive: true })
})

async function echo(service: string): Promise<string> {
  const server = createServer(async (incoming, reply) => {
    const { method, url, headers } = incoming
    const body = await textOf(incoming)
    arrived.push(url ?? '')
    if (url === '/busy') reply.writeHead(503, { 'retry-after': '1' })
    reply.end(JSON.stringify({ service, method, url, body, headers }))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of incoming) text += String(chunk)
  return text
}

async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(frontend.url + path, { headers, redirect: 'manual' })
}

/** Asks for a path exactly as written; fetch would resolve its dot segments first. */
async function statusOf(path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(frontend.url)
  const [reply] = (await once(request({ hostname, port, path }).end(), 'response')) as [IncomingMessage]
  reply.resume()
  return reply.statusCode
}

async function api(path: string, init: RequestInit = {}): Promise<Echo> {
  return (await fetch(frontend.url + path, init)).json() as Promise<Echo>
}

describe('the page', () => {
  test.each([
    ['/', 'text/html'],
    ['/', '*/*'],
    ['/some/spa/route', 'text/html,application/xhtml+xml;q=0.9'],
    ['/some/spa/route?x=1.js', '*/*'],
  ])('S0.33 S0.41 GET %s with Accept %s is index.html', async (path, accept) => {
    const reply = await get(path, { accept })
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(await reply.text()).toBe('<title>the page</title>')
    expect(reply.headers.get('cache-control')).toBe('no-cache')
  })

  test.each([
    ['/missing.js', 'text/html'],
    ['/assets/index-000000.css', '*/*'],
    ['/assets/old', 'text/html'],
    ['/some/spa/route', 'application/json'],
    ['/package.json', '*/*'],
  ])('W15 GET %s with Accept %s is 404', async (path, accept) => {
    const reply = await get(path, { accept })
    expect(reply.status).toBe(404)
    expect(await reply.json()).toMatchObject({ message: 'There is nothing at this address.' })
  })

  test('W15 an asset, whose name has a hash, is kept by the browser', async () => {
    const reply = await get('/assets/index-abc123.js')
    expect(await reply.text()).toBe('run()')
    expect(reply.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  })

  test('W15 runs its own scripts only and stands in no frame', async () => {
    const { headers } = await get('/')
    const policy = headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none';script-src 'self';style-src 'self'")
    expect(policy).toContain("connect-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('strict-transport-security')).toBeNull()
  })

  test('its configuration has no demo token outside demo mode', async () => {
    const reply = await get('/config.json')
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect(await reply.json()).toEqual({ apiBase: '/api', usersApiBase: '/api' })
  })

  test('S0.32 may be sent to services with hosts of their own, and DEMO_TOKEN in demo mode', async () => {
    const env = {
      WEB_ROOT: webRoot,
      API_BASE: 'http://192.168.49.2:32503/',
      DEMO_MODE: '1',
      DEMO_TOKEN: 'xyz',
    }
    const app = await startApp({ folder: 'apps/frontend/server', env })
    const reply = await fetch(`${app.url}/config.json`)
    const base = 'http://192.168.49.2:32503'
    expect(await reply.json()).toEqual({ apiBase: base, usersApiBase: base, demoToken: 'xyz' })
    expect(reply.headers.get('content-security-policy')).toContain(`connect-src 'self' ${base};`)
    await app.stop()
  })
})

describe('/api/', () => {
  test.each([
    ['/api/tasks', 'tasks', '/tasks'],
    ['/api/tasks/a%2Fb?limit=1&x=a%20b', 'tasks', '/tasks/a%2Fb?limit=1&x=a%20b'],
    ['/api/', 'tasks', '/'],
    ['/api/login', 'users', '/login'],
    ['/api/signup?x', 'users', '/signup?x'],
    ['/api/me', 'users', '/me'],
    ['/api/me/password', 'users', '/me/password'],
    ['/api/menu', 'tasks', '/menu'],
    ['/api/tasks/login', 'tasks', '/tasks/login'],
  ])('S0.40 D12 %s arrives at %s as %s', async (path, service, url) => {
    expect(await api(path)).toMatchObject({ service, url })
  })

  test('S0.40 /api is redirected to /api/ with its query', async () => {
    const reply = await get('/api?x=1')
    expect([reply.status, reply.headers.get('location')]).toEqual([301, '/api/?x=1'])
  })

  test('passes method, token and body on as they are', async () => {
    const headers = { authorization: 'Bearer abc', 'content-type': 'application/json; charset=utf-8' }
    const body = '{ "title": "Größe",\n"text": "x" }'
    const echoed = await api('/api/tasks', { method: 'POST', headers, body })
    expect(echoed).toMatchObject({ method: 'POST', body, headers })
    expect(await api('/api/tasks/1', { method: 'DELETE' })).toMatchObject({ method: 'DELETE' })
  })

  test('tells the service who asked, whatever the client claims', async () => {
    const { headers } = await api('/api/tasks', {
      headers: { 'x-forwarded-for': '6.6.6.6', 'x-forwarded-host': 'evil', 'x-request-id': 'abc-1' },
    })
    expect(headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': new URL(frontend.url).host,
      'x-forwarded-proto': 'http',
      'x-request-id': 'abc-1',
    })
  })

  test.each(['/api/..%2f..%2fetc', '/api/%2e%2e/x', '/api/a/..%2f..%2fx'])(
    '%s does not leave the prefix',
    async (path) => {
      expect(await statusOf(path)).toBe(400)
    },
  )

  test('a 503 of a service is passed on at once and not asked for again', async () => {
    const reply = await get('/api/busy')
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '1'])
    expect(arrived.filter((url) => url === '/busy')).toHaveLength(1)
  })
})

describe('while no service is there', () => {
  test('S0.33 D11 the page is served and /api/ answers 502 in JSON, without an address', async () => {
    const env = { WEB_ROOT: webRoot, USERS_ADDRESS: '127.0.0.1:1', TASKS_ADDRESS: 'nowhere.invalid:8000' }
    const app = await startApp({ folder: 'apps/frontend/server', env })
    expect((await fetch(app.url)).status).toBe(200)
    for (const path of ['/api/tasks', '/api/login']) {
      const reply = await fetch(app.url + path, { method: 'POST', body: '{}' })
      const text = await reply.text()
      expect([reply.status, reply.headers.get('content-type')]).toEqual([
        502,
        'application/json; charset=utf-8',
      ])
      expect(JSON.parse(text)).toMatchObject({
        message: 'The service cannot be reached at the moment, please try again later.',
      })
      expect(text).not.toMatch(/127\.0\.0\.1|nowhere|ECONN|ENOTFOUND/)
    }
    expect(await app.stop()).toBe(0)
  })
})

test.each([
  ['WEB_ROOT', '/nowhere', /^WEB_ROOT is "\/nowhere": expected a folder with the built page/m],
  ['API_BASE', '//evil.example', /^API_BASE is "\/\/evil.example": expected a path such as \/api/m],
  ['USERS_ADDRESS', 'http://users', /^USERS_ADDRESS is "http:\/\/users": expected a host/m],
])('a bad %s ends with exit code 2', async (name, value, message) => {
  const env = { WEB_ROOT: webRoot, [name]: value }
  const { code, output } = await runApp({ folder: 'apps/frontend/server', env })
  expect(output).toMatch(message)
  expect(code).toBe(2)
})
