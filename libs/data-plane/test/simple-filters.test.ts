import { describe, expect, test } from '@jest/globals'
import type { CorsFilter, RewriteFilter } from '@postern/routing-table'
import { planeWith, text } from './ask.ts'

describe('body-limit', () => {
  const plane = planeWith([{ kind: 'body-limit', maxBytes: 10 }])
  test('an announced body that is too large is a 413 before anything is sent', async () => {
    expect((await plane.ask({ method: 'POST', bodyLength: 11 })).status).toBe(413)
    expect(plane.engine.sent).toEqual([])
  })
  test('a body of just that size passes', async () => {
    expect((await plane.ask({ method: 'POST', bodyLength: 10 })).status).toBe(200)
  })
})

describe('https-redirect', () => {
  const redirect = (stripTrailingSlash: boolean, port = 443) =>
    planeWith([{ kind: 'https-redirect', status: 308, stripTrailingSlash }], {
      settings: { httpsRedirectPort: port },
    })
  test.each([
    ['/a?b=c', true, 443, 'https://shop.example/a?b=c'],
    ['/a/', true, 443, 'https://shop.example/a'],
    ['/a/', false, 443, 'https://shop.example/a/'],
    ['/', true, 8443, 'https://shop.example:8443'],
    ['/a', true, 8443, 'https://shop.example:8443/a'],
  ])('%s stripping %s at %i', async (target, strip, port, location) => {
    const answer = await redirect(strip, port).ask({ target, host: 'shop.example:8080' })
    expect([answer.status, answer.get('location')]).toEqual([308, location])
  })
  test('HTTPS and ACME challenges are left alone', async () => {
    expect((await redirect(true).ask({ scheme: 'https' })).status).toBe(200)
    expect((await redirect(true).ask({ target: '/.well-known/acme-challenge/x' })).status).toBe(200)
  })
  test('a trusted proxy that speaks HTTPS with the client is believed, others are not', async () => {
    const plane = planeWith([{ kind: 'https-redirect', status: 308, stripTrailingSlash: true }], {
      settings: { trustedProxies: ['10.0.0.0/8'] },
    })
    const headers = [['X-Forwarded-Proto', 'https']] as const
    expect((await plane.ask({ headers, remoteAddress: '10.1.1.1' })).status).toBe(200)
    expect((await plane.ask({ headers, remoteAddress: '192.0.2.7' })).status).toBe(308)
  })
})

describe('redirect', () => {
  test('app-root sends / alone to a path of the same site', async () => {
    const plane = planeWith([{ kind: 'redirect', status: 302, when: 'root', location: text('/app') }])
    expect((await plane.ask({ host: 'shop.example:8080' })).get('location')).toBe(
      'http://shop.example:8080/app',
    )
    expect((await plane.ask({ target: '/x' })).status).toBe(200)
  })
  test('a redirect to a neighbouring host keeps the port of the request and may drop the last slash', async () => {
    const location = [
      ...text('http://www.shop.example'),
      { kind: 'variable' as const, name: 'port_suffix' as const },
      { kind: 'variable' as const, name: 'request_uri' as const },
    ]
    const plane = planeWith([
      { kind: 'redirect', status: 308, when: 'always', location, stripTrailingSlash: true },
    ])
    const to = async (host: string, target: string) => (await plane.ask({ host, target })).get('location')
    expect(await to('shop.example', '/a/')).toBe('http://www.shop.example/a')
    expect(await to('shop.example:8080', '/?a=/b')).toBe('http://www.shop.example:8080/?a=/b')
  })

  test('permanent-redirect answers every path, with variables filled in', async () => {
    const location = [
      ...text('https://new.example'),
      { kind: 'variable' as const, name: 'request_uri' as const },
    ]
    const plane = planeWith([{ kind: 'redirect', status: 301, when: 'always', location }])
    const answer = await plane.ask({ target: '/a?b' })
    expect([answer.status, answer.get('location')]).toEqual([301, 'https://new.example/a?b'])
  })
})

describe('cors', () => {
  const filter: CorsFilter = {
    kind: 'cors',
    allowOrigins: ['https://a.example', 'https://*.b.example'],
    allowMethods: 'GET, PUT',
    allowHeaders: 'X-A',
    exposeHeaders: 'X-E',
    allowCredentials: true,
    maxAgeS: 60,
  }
  const origin = (value: string) => ({ headers: [['Origin', value]] as const })
  test('a preflight of an allowed origin is a 204 with everything', async () => {
    const answer = await planeWith([filter]).ask({ method: 'OPTIONS', ...origin('https://A.example') })
    expect(answer.status).toBe(204)
    expect(answer.all('access-control-allow-origin')).toEqual(['https://A.example'])
    expect(answer.get('access-control-allow-methods')).toBe('GET, PUT')
    expect(answer.get('access-control-allow-credentials')).toBe('true')
    expect(answer.get('access-control-max-age')).toBe('60')
  })
  test('every answer to an allowed origin is marked once, also over what the upstream says', async () => {
    const plane = planeWith([filter])
    plane.engine.respond = () => ({ status: 404, headers: [['Access-Control-Allow-Origin', '*']], body: '' })
    const answer = await plane.ask(origin('https://x.b.example'))
    expect(answer.all('access-control-allow-origin')).toEqual(['https://x.b.example'])
    expect(answer.get('access-control-expose-headers')).toBe('X-E')
    expect(answer.get('vary')).toBe('Origin')
  })
  test.each([
    'https://evil.example',
    'https://a.example.evil',
    'https://x.y.b.example',
    'https://.b.example',
    'null',
  ])('%s is not allowed', async (value) => {
    const answer = await planeWith([filter]).ask(origin(value))
    expect([answer.status, answer.get('access-control-allow-origin')]).toEqual([200, undefined])
    expect(
      (await planeWith([filter]).ask({ method: 'OPTIONS', ...origin(value) })).get(
        'access-control-allow-origin',
      ),
    ).toBeUndefined()
  })
  test('a star is sent as a star', async () => {
    const answer = await planeWith([{ ...filter, allowOrigins: ['*'] }]).ask(origin('https://any.example'))
    expect(answer.get('access-control-allow-origin')).toBe('*')
  })
})

describe('rewrite', () => {
  const rewrite = (pattern: string, target: string, forwardedPrefix?: string): RewriteFilter => ({
    kind: 'rewrite',
    pattern,
    ignoreCase: true,
    target,
    ...(forwardedPrefix && { forwardedPrefix }),
  })
  test.each([
    ['/api(/|$)(.*)', '/$2', '/api/tasks/1?x=1', '/tasks/1?x=1'],
    ['/api(/|$)(.*)', '/$2', '/API', '/'],
    ['/a', '/b', '/a/rest', '/b'],
    ['/old/(.*)', '/new?from=$1', '/old/x%26y?z=1', '/new?from=x%26y&z=1'],
    ['/old/(.*)', '/new?from=$1', '/old/caf%C3%A9', '/new?from=caf%C3%A9'],
    ['/old/(.*)', '/new?', '/old/x?z=1', '/new'],
    ['/(.*)', '/x/$1', '/a%20b', '/x/a%20b'],
    ['/(.*)', '/x/$1', '/a%3Fb', '/x/a%3Fb'],
    ['/(a)?(b)?', '/$1-$2', '/b', '/-b'],
    ['/(.*)', '/$2', '/x', '/'],
    ['/(.*)', '$1', '/x', '/x'],
  ])('%s to %s: %s becomes %s', async (pattern, target, from, to) => {
    const plane = planeWith([rewrite(pattern, target)])
    await plane.ask({ target: from })
    expect(plane.lastSent.request.target).toBe(to)
  })
  test('a complete URL is a 302', async () => {
    const answer = await planeWith([rewrite('/go/(.*)', 'https://other.example/$1')]).ask({
      target: '/go/x y'.replace(' ', '%20'),
    })
    expect([answer.status, answer.get('location')]).toEqual([302, 'https://other.example/x%20y'])
  })
  test('X-Forwarded-Prefix is sent, whatever the client sent', async () => {
    const plane = planeWith([rewrite('/api', '/', '/api')])
    await plane.ask({ target: '/api', headers: [['X-Forwarded-Prefix', '/evil']] })
    expect(plane.lastSent.get('x-forwarded-prefix')).toBe('/api')
  })
})

describe('headers', () => {
  test('set, add and remove, on the way up and on the way back, also on our own answers', async () => {
    const plane = planeWith([
      {
        kind: 'headers',
        request: [
          { kind: 'set', name: 'X-A', value: '1' },
          { kind: 'remove', name: 'X-B' },
        ],
        response: [{ kind: 'add', name: 'X-C', value: '2' }],
      },
    ])
    const answer = await plane.ask({
      headers: [
        ['x-a', 'old'],
        ['X-B', 'gone'],
      ],
    })
    expect([plane.lastSent.get('x-a'), plane.lastSent.get('x-b'), answer.get('x-c')]).toEqual([
      '1',
      undefined,
      '2',
    ])
  })
})

test('values of headers are filled from the request: no line break gets into them, and an empty one takes the header away', async () => {
  const plane = planeWith([
    {
      kind: 'headers',
      request: [
        { kind: 'render', name: 'X-Path', value: [{ kind: 'variable', name: 'uri' }] },
        { kind: 'render', name: 'X-Gone', value: [{ kind: 'variable', name: 'http_x_nothing' }] },
      ],
      response: [{ kind: 'render', name: 'X-Asked', value: [{ kind: 'variable', name: 'http_host' }] }],
    },
  ])
  const answer = await plane.ask({ target: '/a%0d%0aX-Evil:%201', headers: [['X-Gone', 'forged']] })
  expect(plane.lastSent.get('x-path')).toBe('/aX-Evil: 1')
  expect(plane.lastSent.get('x-gone')).toBeUndefined()
  expect(answer.get('x-asked')).toBe('shop.example')
})

describe('every answer', () => {
  test('Server goes, HSTS comes on HTTPS of hosts that are not localhost', async () => {
    const plane = planeWith([], {
      settings: { hsts: { maxAgeS: 5, includeSubDomains: true, preload: false } },
    })
    plane.engine.respond = () => ({ status: 200, headers: [['Server', 'secret/1.0']] })
    const answer = await plane.ask({ scheme: 'https' })
    expect([answer.get('server'), answer.get('strict-transport-security')]).toEqual([
      undefined,
      'max-age=5; includeSubDomains',
    ])
    expect((await plane.ask()).get('strict-transport-security')).toBeUndefined()
    const behind = planeWith([], {
      settings: {
        hsts: { maxAgeS: 5, includeSubDomains: true, preload: false },
        trustedProxies: ['0.0.0.0/0'],
      },
    })
    const forwarded = await behind.ask({ headers: [['X-Forwarded-Proto', 'https']] })
    expect(forwarded.get('strict-transport-security')).toBeUndefined()
    expect(
      (await plane.ask({ scheme: 'https', host: 'shop.localhost' })).get('strict-transport-security'),
    ).toBeUndefined()
  })
})
