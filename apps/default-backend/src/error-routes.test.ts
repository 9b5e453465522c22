import { describe, expect, test } from '@jest/globals'
import Fastify from 'fastify'
import { errorRoutes } from './error-routes.ts'
import { parseRedirectTarget } from './redirect-target.ts'

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
const app = Fastify().register(errorRoutes, { redirectTo: undefined })

async function ask(url: string, headers: Record<string, string> = {}, method: 'GET' | 'POST' = 'GET') {
  return app.inject({ method, url, headers })
}

describe('S1.36 the default backend', () => {
  test('answers /healthz with 200', async () => {
    const reply = await ask('/healthz')
    expect([reply.statusCode, reply.body]).toEqual([200, ''])
  })

  test.each(['/', '/x', '/x/y?z=1'])('answers %s with a page and 404', async (url) => {
    const reply = await ask(url, { accept: BROWSER })
    expect(reply.statusCode).toBe(404)
    expect(reply.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(reply.body).toContain('<title>404 Not Found</title>')
    expect(reply.body).toContain(`<code>${url}</code>`)
  })

  test('answers any method and body', async () => {
    const reply = await app.inject({
      method: 'PROPFIND' as 'GET',
      url: '/x',
      headers: { 'content-type': '?' },
      body: '{',
    })
    expect(reply.statusCode).toBe(404)
  })

  test('S1.37 W32 answers JSON with a message to who asks for JSON', async () => {
    const reply = await ask('/x', { accept: 'application/json', 'x-request-id': 'abc' })
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(reply.json()).toEqual({
      message: 'No rule of this gateway matches this address.',
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      instance: '/x',
      requestId: 'abc',
    })
  })

  test('escapes what a client wrote, wherever it is shown', async () => {
    const evil = `/<script>alert("1")</script>&'`
    const reply = await ask('/', { accept: BROWSER, 'x-original-uri': evil, 'x-request-id': evil })
    expect(reply.body).not.toContain('<script')
    expect(reply.body).toContain('/&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;')
  })

  test('lets the page run nothing and load nothing', async () => {
    const reply = await ask('/x')
    expect(reply.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]+=*'; /,
    )
    expect(reply.headers['x-content-type-options']).toBe('nosniff')
    expect(reply.headers['cache-control']).toBe('no-store')
  })
})

describe('a custom error of ingress-nginx', () => {
  test('W32 takes its status from X-Code, its form from X-Format and its path from X-Original-URI', async () => {
    const headers = {
      'x-code': '503',
      'x-format': 'application/json',
      'x-original-uri': '/shop',
      accept: '*/*',
    }
    const reply = await ask('/', headers)
    expect(reply.statusCode).toBe(503)
    expect(reply.json()).toMatchObject({ status: 503, title: 'Service Unavailable', instance: '/shop' })
  })

  test.each([
    ['404', 404],
    ['599', 599],
    ['200', 404],
    ['600', 404],
    ['4O4', 404],
    ['', 404],
    ['500, 404', 404],
  ])('X-Code %j is answered with %d', async (code, status) => {
    expect((await ask('/', { 'x-code': code })).statusCode).toBe(status)
  })
})

describe('S1.37 a redirect instead of the page', () => {
  test.each([
    ['https://example.com/lost', '/x', {}, 302],
    ['/home', '/x', {}, 302],
    ['/home', '/home?again', {}, 404],
    ['http://shop.example/home', '/home', { host: 'shop.example:8080' }, 404],
    ['/home', '/x', { 'x-code': '503' }, 503],
    ['/home', '/healthz', {}, 200],
  ])('to %s from %s %j is %d', async (to, url, headers, status) => {
    const redirecting = Fastify().register(errorRoutes, { redirectTo: parseRedirectTarget(to) })
    const reply = await redirecting.inject({ url, headers })
    expect(reply.statusCode).toBe(status)
    expect(reply.headers.location).toBe(status === 302 ? to : undefined)
    await redirecting.close()
  })

  test.each(['home', '//evil.example', '/\\evil.example', 'javascript:alert(1)', 'ftp://a', 'https://', ''])(
    'is not made to %j',
    (value) => {
      expect(parseRedirectTarget(value)).toBeUndefined()
    },
  )
})
