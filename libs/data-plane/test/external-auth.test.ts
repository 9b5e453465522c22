import { describe, expect, test } from '@jest/globals'
import {
  Redacted,
  type BackendId,
  type CertificateId,
  type Endpoint,
  type ExternalAuth,
  type UpstreamTls,
} from '@postern/routing-table'
import { backendAt, hostWith, routeTo, tableOf } from '@postern/testing/table-builder'
import { Plane, planeWith, shopTable, text } from './ask.ts'

describe('external', () => {
  const external = (rest: Partial<ExternalAuth> = {}): ExternalAuth => ({
    url: text('http://auth.example:9000/verify?x=1'),
    signinRedirectParam: 'rd',
    responseHeaders: ['X-User'],
    alwaysSetCookie: false,
    requestHeaders: [['X-Extra', text('yes')]],
    ...rest,
  })
  const planeOf = (
    rest: Partial<ExternalAuth>,
    answer: { status: number; headers?: readonly (readonly [string, string])[] },
  ): Plane => {
    const plane = planeWith([{ kind: 'access', satisfy: 'all', external: external(rest) }])
    plane.engine.respond = ({ request }) =>
      request.host.startsWith('auth') ? answer : { status: 200, body: 'shop' }
    return plane
  }

  test('a URL that names a backend is asked at its endpoints under its own name, and nothing is looked up', async () => {
    const ask = async (endpoints: readonly Endpoint[]) => {
      const filter = {
        kind: 'access',
        satisfy: 'all',
        external: external({ backend: 'auth/login/9000' as BackendId }),
      } as const
      const backends = [backendAt('auth/login/9000', endpoints), backendAt('a/shop/80', [SHOP])]
      const hosts = [hostWith('shop.example', [routeTo('a/shop/80', { filters: [filter] })])]
      const plane = new Plane(tableOf({ hosts, backends }))
      plane.names.set('auth.example', [])
      const { status } = await plane.ask()
      return { status, sent: plane.engine.sent.map(({ request }) => request), warnings: plane.warnings }
    }
    const AUTH = { address: '192.0.2.9', port: 4180 }
    const SHOP = { address: '192.0.2.8', port: 8080 }
    const { status, sent } = await ask([AUTH])
    expect([status, sent.map(({ endpoint }) => endpoint)]).toEqual([200, [AUTH, SHOP]])
    expect(sent[0]).toMatchObject({ host: 'auth.example', target: '/verify?x=1' })
    expect(await ask([])).toEqual({
      status: 500,
      sent: [],
      warnings: [expect.stringContaining('auth/login/9000 has no ready endpoint')],
    })
  })

  test('an https URL is verified by its name, whatever address that has, and keeps its connections', async () => {
    const plane = planeOf({ url: text('https://auth.example./verify') }, { status: 200 })
    await plane.ask()
    await plane.ask()
    const [first, , second] = plane.engine.sent.map(({ request }) => request)
    expect(first).toMatchObject({
      endpoint: { address: '192.0.2.53', port: 443 },
      tls: { verify: true, serverName: 'auth.example' },
    })
    expect(second?.tls).toBe(first?.tls)
  })

  test('an https URL is taken as the table says: unverified, by an authority of its own, under another name', async () => {
    for (const tls of [
      { verify: false },
      { verify: true, caPem: 'PEM' },
      { verify: true, serverName: 'other' },
    ]) {
      const plane = planeOf({ url: text('https://auth.example/verify'), tls }, { status: 200 })
      await plane.ask()
      await plane.ask()
      const [first, , second] = plane.engine.sent.map(({ request }) => request)
      expect(first?.tls).toEqual({ serverName: 'auth.example', ...tls })
      expect(second?.tls).toBe(first?.tls)
    }
  })

  test('a certificate of our own that is replaced is another one, though it looks the same', async () => {
    const shown = (key: string) => {
      return { verify: false, certificate: { certPem: 'PEM', keyPem: new Redacted(key) } }
    }
    const [one, other] = [shown('one'), shown('other')]
    const url = text('https://auth.example/verify')
    const table = (tls: UpstreamTls) =>
      shopTable([{ kind: 'access', satisfy: 'all', external: external({ url, tls }) }])
    const plane = new Plane(table(one))
    await plane.ask()
    plane.dataPlane.replaceTable(table(other))
    await plane.ask()
    const keys = plane.engine.sent.flatMap(({ request }) => request.tls?.certificate?.keyPem.reveal() ?? [])
    expect(keys).toEqual(['one', 'other'])
  })

  test('a client cannot say anything under a name that is set for the auth service', async () => {
    const requestHeaders = [
      ['X-Extra', text('yes')],
      ['X-Maybe', [{ kind: 'variable', name: 'http_x_nothing' }]],
    ] as const
    const plane = planeOf({ requestHeaders }, { status: 200 })
    await plane.ask({
      headers: [
        ['x-extra', 'forged'],
        ['X-Maybe', 'forged'],
        ['X-Other', 'passes'],
      ],
    })
    const [asked] = plane.engine.sent
    expect(asked?.headers.filter(([name]) => /^x-(extra|maybe|other)$/i.test(name))).toEqual([
      ['X-Other', 'passes'],
      ['X-Extra', 'yes'],
    ])
  })

  test('2xx lets pass and its listed headers reach the upstream, whatever the client sent under those names', async () => {
    const plane = planeOf(
      {},
      {
        status: 202,
        headers: [
          ['X-User', 'alice'],
          ['X-Other', 'no'],
          ['Set-Cookie', 's=1'],
        ],
      },
    )
    const answer = await plane.ask({
      method: 'POST',
      target: '/a?b=c',
      bodyLength: 5,
      headers: [
        ['X-User', 'root'],
        ['Cookie', 'k=v'],
        ['X-Forwarded-Proto', 'gopher'],
      ],
    })
    expect([answer.status, answer.body, answer.get('set-cookie')]).toEqual([200, 'shop', 's=1'])
    const [asked, sent] = plane.engine.sent
    expect(asked?.request).toMatchObject({
      method: 'GET',
      target: '/verify?x=1',
      host: 'auth.example',
      body: 'none',
      endpoint: { address: '192.0.2.53', port: 9000 },
    })
    expect(
      [
        'x-original-url',
        'x-original-method',
        'x-sent-from',
        'x-real-ip',
        'x-auth-request-redirect',
        'cookie',
        'x-extra',
      ].map((name) => asked?.get(name)),
    ).toEqual([
      'http://shop.example/a?b=c',
      'POST',
      'nginx-ingress-controller',
      '192.0.2.1',
      '/a?b=c',
      'k=v',
      'yes',
    ])
    expect(asked?.get('content-length')).toBeUndefined()
    expect(asked?.get('x-forwarded-proto')).toBeUndefined()
    expect(asked?.get('x-scheme')).toBeUndefined()
    expect([sent?.get('x-user'), sent?.get('x-other')]).toEqual(['alice', undefined])
  })
  test('the auth service is told no more than the upstream gets, and nothing of what is only believed of us', async () => {
    const plane = planeOf({ requestHeaders: [] }, { status: 200 })
    await plane.ask({
      headers: [
        ['X_Original_URL', 'http://shop.example/public'],
        ['SSL-Client-Verify', 'SUCCESS'],
        ['Connection', 'close, X-Tenant'],
        ['X-Tenant', 'somebody'],
        ['TE', 'trailers'],
        ['Proxy-Authorization', 'Basic eA=='],
        ['X-Kept', 'yes'],
      ],
    })
    const own = /^(x-original-(url|method)|x-sent-from|x-real-ip|x-forwarded-for|x-auth-.*|x-request-id)$/i
    const [asked] = plane.engine.sent
    expect(asked?.headers.filter(([name]) => !own.test(name))).toEqual([['X-Kept', 'yes']])
  })
  test('the auth service of a host with client certificates is told whose certificate came', async () => {
    const access = { kind: 'access', satisfy: 'all', external: external() } as const
    const clientAuth = { mode: 'on', caPem: 'pem', depth: 1, passToUpstream: false } as const
    const plane = new Plane(
      tableOf({
        hosts: [
          {
            ...hostWith('shop.example', [routeTo('a/shop/80', { filters: [access] })]),
            tls: { certificate: 'a' as CertificateId, clientAuth },
          },
        ],
        backends: [backendAt('a/shop/80', [{ address: '192.0.2.8', port: 8080 }])],
      }),
    )
    const client = { verified: true, subject: 'CN=alice', issuer: 'CN=ca', depth: 0, pem: 'x' }
    await plane.ask({
      scheme: 'https',
      tls: { serverName: 'shop.example', protocol: 'TLSv1.3', cipher: 'x', client },
      headers: [['ssl-client-subject-dn', 'CN=root']],
    })
    const [asked] = plane.engine.sent
    expect(['ssl-client-verify', 'ssl-client-subject-dn'].map((name) => asked?.get(name))).toEqual([
      'SUCCESS',
      'CN=alice',
    ])
  })
  test('a method of its own brings the scheme and the path as headers, never those of the client', async () => {
    const plane = planeOf({ method: 'POST' }, { status: 200 })
    await plane.ask({
      target: '/a?b',
      headers: [
        ['X-Original-URI', '/evil'],
        ['X-Scheme', 'gopher'],
      ],
    })
    const [asked] = plane.engine.sent
    expect([asked?.request.method, asked?.get('x-original-uri'), asked?.get('x-scheme')]).toEqual([
      'POST',
      '/a?b',
      'http',
    ])
  })
  test.each([
    [401, 401],
    [403, 403],
    [404, 500],
    [500, 500],
    [302, 500],
  ])('%i becomes %i', async (status, seen) => {
    const plane = planeOf({}, { status, headers: [['WWW-Authenticate', 'Custom x']] })
    const answer = await plane.ask()
    expect(answer.status).toBe(seen)
    if (seen === 401) expect(answer.get('www-authenticate')).toBe('Custom x')
    expect(plane.engine.sent).toHaveLength(1)
  })
  test('no path of a request gets past it: which Ingress paths are exempt is the control plane’s decision', async () => {
    const plane = planeOf({}, { status: 401 })
    for (const target of ['/.well-known/acme-challenge/x', '/.well-known/acme-challenge-of-mine'])
      expect((await plane.ask({ target })).status).toBe(401)
  })
  test('401 with a sign-in page sends the browser there and back', async () => {
    const plane = planeOf({ signinUrl: text('https://auth.example/start') }, { status: 401 })
    const answer = await plane.ask({ target: '/a?b=c', scheme: 'https' })
    expect([answer.status, answer.get('location')]).toEqual([
      302,
      'https://auth.example/start?rd=https://shop.example%2Fa%3Fb%3Dc',
    ])
  })
  test('an auth service that cannot be reached is a 500, and nothing passes', async () => {
    const plane = planeOf({}, { status: 200 })
    plane.names.set('auth.example', [])
    expect((await plane.ask()).status).toBe(500)
    expect(plane.engine.sent).toEqual([])
    expect(plane.warnings[0]).toContain('auth service')
  })
  test('answers are kept per key for their time', async () => {
    const key = [{ kind: 'variable' as const, name: 'http_authorization' as const }]
    const plane = planeOf({ cache: { key, ttlMs: [[200, 1_000]] } }, { status: 200 })
    const asked = () => plane.engine.sent.filter(({ request }) => request.host.startsWith('auth')).length
    for (let i = 0; i < 3; i++) await plane.ask({ headers: [['Authorization', 'a']] })
    expect(asked()).toBe(1)
    await plane.ask({ headers: [['Authorization', 'b']] })
    expect(asked()).toBe(2)
    plane.clock.ms += 1_000
    await plane.ask({ headers: [['Authorization', 'a']] })
    expect(asked()).toBe(3)
  })

  test('an answer that varies is kept for requests that are alike in what it names', async () => {
    const key = [{ kind: 'text' as const, text: 'everybody' }]
    const cache = { key, ttlMs: [[200, 1_000]] as const }
    const plane = planeOf({ cache }, { status: 200, headers: [['Vary', 'Cookie']] })
    const asked = () => plane.engine.sent.filter(({ request }) => request.host.startsWith('auth')).length
    for (const cookie of ['a', 'b', 'a', 'b', 'c']) await plane.ask({ headers: [['Cookie', cookie]] })
    expect(asked()).toBe(3)
  })

  test('an answer with a cookie is given to nobody else', async () => {
    const key = [{ kind: 'text' as const, text: 'everybody' }]
    const cache = { key, ttlMs: [[200, 1_000]] as const }
    const plane = planeOf({ cache }, { status: 200, headers: [['Set-Cookie', 'session=1']] })
    await plane.ask()
    const second = await plane.ask()
    expect(second.all('set-cookie')).toEqual(['session=1'])
    expect(plane.engine.sent).toHaveLength(4)
  })
})
