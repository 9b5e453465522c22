import { describe, expect, test } from '@jest/globals'
import { headerValues, ingress, serviceAt, until } from '@postern/testing'
import { GatewayFixture } from './gateway-fixture.ts'

describe('from manifests to bytes', () => {
  test('exact hosts, wildcards of one label, path kinds, and 404 for the rest', async () => {
    await using gateway = await GatewayFixture.make()
    const shop = await gateway.upstream('shop')
    const wild = await gateway.upstream('wild')
    await gateway.write(
      'all.yaml',
      serviceAt('shop', [shop.endpoint]),
      serviceAt('wild', [wild.endpoint]),
      ingress({
        name: 'shop',
        rules: [
          {
            host: 'shop.example',
            paths: [
              { path: '/exact', pathType: 'Exact', service: 'shop' },
              { path: '/cart', service: 'shop' },
            ],
          },
          { host: '*.example', paths: [{ path: '/', service: 'wild' }] },
        ],
      }),
    )
    await gateway.start()
    expect((await gateway.get('shop.example', '/exact')).body).toBe('shop /exact')
    expect((await gateway.get('shop.example', '/exact/no')).status).toBe(404)
    expect((await gateway.get('SHOP.example:8080', '/cart/1?x=%2F')).body).toBe('shop /cart/1?x=%2F')
    expect((await gateway.get('shop.example', '/cartoon')).status).toBe(404)
    expect((await gateway.get('other.example', '/any')).body).toBe('wild /any')
    expect((await gateway.get('a.b.example', '/')).status).toBe(404)
    expect((await gateway.get('example', '/')).status).toBe(404)
  })

  test('rewrite-target with captures and use-regex', async () => {
    await using gateway = await GatewayFixture.make()
    const api = await gateway.upstream('api')
    await gateway.write(
      'all.yaml',
      serviceAt('api', [api.endpoint]),
      ingress({
        name: 'api',
        annotations: { 'rewrite-target': '/$2', 'use-regex': 'true' },
        rules: [
          {
            host: 'demo.example',
            paths: [{ path: '/api(/|$)(.*)', pathType: 'ImplementationSpecific', service: 'api' }],
          },
        ],
      }),
    )
    await gateway.start()
    expect((await gateway.get('demo.example', '/api/tasks/1?a=b')).body).toBe('api /tasks/1?a=b')
    expect((await gateway.get('demo.example', '/api')).body).toBe('api /')
    expect((await gateway.get('demo.example', '/API/x')).body).toBe('api /x')
    expect((await gateway.get('demo.example', '/other')).status).toBe(404)
  })

  test('an escaped path that climbs is matched and forwarded as what it means', async () => {
    await using gateway = await GatewayFixture.make()
    const open = await gateway.upstream('open')
    const admin = await gateway.upstream('admin')
    await gateway.write(
      'all.yaml',
      serviceAt('open', [open.endpoint]),
      serviceAt('admin', [admin.endpoint]),
      ingress({
        name: 'site',
        rules: [
          {
            host: 'site.example',
            paths: [
              { path: '/', service: 'open' },
              { path: '/admin', service: 'admin' },
            ],
          },
        ],
      }),
    )
    await gateway.start()
    expect((await gateway.get('site.example', '/x/..%2Fadmin/y')).body).toBe('admin /admin/y')
    expect((await gateway.get('site.example', '/%61dmin')).body).toBe('admin /%61dmin')
    expect((await gateway.get('site.example', '/../admin')).status).toBe(400)
  })

  test('a Service without ready endpoints is 503, a closed port 502, and both are named in the access log only', async () => {
    await using gateway = await GatewayFixture.make()
    const gone = await gateway.upstream('gone')
    await gone.close()
    await gateway.write(
      'all.yaml',
      serviceAt('empty', []),
      serviceAt('gone', [gone.endpoint]),
      ingress({
        name: 'x',
        rules: [
          {
            host: 'x.example',
            paths: [
              { path: '/empty', service: 'empty' },
              { path: '/gone', service: 'gone' },
            ],
          },
        ],
      }),
    )
    await gateway.start()
    const empty = await gateway.get('x.example', '/empty', 'Accept: application/json')
    expect(empty.status).toBe(503)
    expect(JSON.parse(empty.body)).toMatchObject({ status: 503, title: 'Service Unavailable' })
    const refused = await gateway.get('x.example', '/gone', 'Accept: text/html')
    expect(refused.status).toBe(502)
    expect(refused.body).toContain('<h1>502 Bad Gateway</h1>')
    expect(refused.body).not.toContain(String(gone.port))
    await until('both are logged', () => gateway.accesses.length === 2)
    expect(gateway.accesses.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('no-endpoints'),
      expect.stringContaining('connect-refused'),
    ])
    expect(gateway.accesses[1]).toMatchObject({
      status: 502,
      attempts: 3,
      endpoint: `127.0.0.1:${String(gone.port)}`,
      backend: expect.stringContaining('default/gone'),
    })
  })

  test('spec.defaultBackend answers what no rule of its host matches', async () => {
    await using gateway = await GatewayFixture.make()
    const page = await gateway.upstream('page')
    await gateway.write(
      'all.yaml',
      serviceAt('page', [page.endpoint]),
      ingress({ name: 'fallback', defaultService: 'page' }),
    )
    await gateway.start()
    expect((await gateway.get('nobody.example', '/x')).body).toBe('page /x')
  })

  test('forwarding headers of an untrusted client are replaced', async () => {
    await using gateway = await GatewayFixture.make()
    const shop = await gateway.upstream('shop')
    await gateway.write(
      'all.yaml',
      serviceAt('shop', [shop.endpoint]),
      ingress({ name: 'shop', rules: [{ host: 'shop.example', paths: [{ service: 'shop' }] }] }),
    )
    await gateway.start()
    await gateway.get(
      'shop.example:8080',
      '/',
      'X-Forwarded-For: 6.6.6.6',
      'X-Forwarded-Proto: https',
      'X-Real-IP: 6.6.6.6',
      'Proxy: evil',
      'X_Real_IP: 7.7.7.7',
    )
    const seen = shop.seen[0]!
    expect(headerValues(seen, 'host')).toEqual(['shop.example:8080'])
    expect(headerValues(seen, 'x-forwarded-for')).toEqual(['127.0.0.1'])
    expect(headerValues(seen, 'x-original-forwarded-for')).toEqual(['6.6.6.6'])
    expect(headerValues(seen, 'x-real-ip')).toEqual(['127.0.0.1'])
    expect(headerValues(seen, 'x-forwarded-proto')).toEqual(['http'])
    expect(headerValues(seen, 'x-scheme')).toEqual(['http'])
    expect(headerValues(seen, 'x-forwarded-port')).toEqual([String(gateway.port('http'))])
    expect(headerValues(seen, 'x-request-id')[0]).toMatch(/^[0-9a-f]{32}$/)
    expect(headerValues(seen, 'proxy')).toEqual([])
    expect(headerValues(seen, 'x_real_ip')).toEqual([])
  })
})
