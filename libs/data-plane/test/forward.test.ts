import { describe, expect, test } from '@jest/globals'
import { GatewayError } from '@postern/exchange'
import type { BackendId, Canary, RetryPolicy } from '@postern/routing-table'
import { backendAt, hostWith, routeTo, tableOf, TEST_POLICY } from '@postern/testing/table-builder'
import { Plane, planeWith, SHOP_ENDPOINT } from './ask.ts'

const endpoint = (n: number) => ({ address: `192.0.2.${String(n)}`, port: 8080 })

function planeOver(count: number, retry: Partial<RetryPolicy> = {}): Plane {
  const route = routeTo('test/shop/80', { policy: { retry: { ...TEST_POLICY.retry, ...retry } } })
  const endpoints = Array.from({ length: count }, (_, i) => endpoint(i + 1))
  return new Plane(
    tableOf({ hosts: [hostWith('shop.example', [route])], backends: [backendAt('test/shop/80', endpoints)] }),
  )
}

/** Lets attempts at these addresses fail. */
function failing(plane: Plane, error: GatewayError, ...addresses: readonly string[]): Plane {
  const send = plane.engine.send.bind(plane.engine)
  plane.engine.send = async (exchange, request) => {
    const response = await send(exchange, request)
    if (addresses.includes(request.endpoint.address)) throw error
    return response
  }
  return plane
}

const tried = (plane: Plane): string[] => plane.engine.sent.map(({ request }) => request.endpoint.address)

describe('retries', () => {
  const refused = new GatewayError('connect-refused', { retrySafe: true })
  const reset = new GatewayError('upstream-reset')

  test('the next endpoint is tried, never the same while another is left', async () => {
    const plane = failing(planeOver(3), refused, '192.0.2.1', '192.0.2.2')
    for (let i = 0; i < 6; i++) expect((await plane.ask()).status).toBe(200)
    expect(plane.log.every(({ endpoint: last }) => last === '192.0.2.3:8080')).toBe(true)
  })
  test('after `tries` attempts the failure is the answer', async () => {
    const plane = failing(
      planeOver(5, { tries: 2 }),
      refused,
      ...[1, 2, 3, 4, 5].map((n) => endpoint(n).address),
    )
    expect((await plane.ask()).status).toBe(502)
    expect(new Set(tried(plane)).size).toBe(2)
    expect(plane.log[0]).toMatchObject({ status: 502, attempts: 2, reason: 'connect-refused' })
  })
  test.each([
    ['GET', reset, {}, 2],
    ['POST', reset, {}, 1],
    ['POST', reset, { nonIdempotent: true }, 2],
    ['POST', refused, {}, 2],
    ['PUT', reset, {}, 2],
    ['PATCH', reset, {}, 1],
    ['GET', new GatewayError('upstream-read-timeout'), {}, 2],
    ['GET', new GatewayError('upstream-read-timeout'), { conditions: ['error'] as const }, 1],
    ['GET', new GatewayError('upstream-bad-response'), {}, 1],
    ['GET', new GatewayError('upstream-bad-response'), { conditions: ['invalid_header'] as const }, 2],
    ['GET', new GatewayError('body-too-large'), {}, 1],
  ])('%s after %s with %j: %i attempts', async (method, error, retry, attempts) => {
    const plane = failing(planeOver(2, { tries: 2, ...retry }), error, '192.0.2.1', '192.0.2.2')
    await plane.ask({ method })
    expect(tried(plane)).toHaveLength(attempts)
  })
  test('statuses that are named are tried elsewhere, others are passed on', async () => {
    const plane = planeOver(2, { conditions: ['http_503'] })
    plane.engine.respond = ({ request }) => ({ status: request.endpoint.address === '192.0.2.1' ? 503 : 200 })
    for (let i = 0; i < 4; i++) expect((await plane.ask()).status).toBe(200)
    plane.engine.respond = () => ({ status: 500 })
    expect((await plane.ask()).status).toBe(500)
  })
  test('0 tries every endpoint once', async () => {
    const plane = failing(
      planeOver(4, { tries: 0 }),
      refused,
      ...[1, 2, 3, 4].map((n) => endpoint(n).address),
    )
    expect((await plane.ask()).status).toBe(502)
    expect(new Set(tried(plane)).size).toBe(4)
    expect(tried(plane)).toHaveLength(4)
  })
  test('the time for all attempts is kept to', async () => {
    const plane = planeOver(3, { timeoutMs: 1_000 })
    const send = plane.engine.send.bind(plane.engine)
    plane.engine.send = async (exchange, request) => {
      await send(exchange, request)
      plane.clock.ms += 1_000
      throw refused
    }
    expect((await plane.ask()).status).toBe(502)
    expect(tried(plane)).toHaveLength(1)
  })
})

test.each([
  ['connect-refused', 502],
  ['connect-timeout', 504],
  ['upstream-read-timeout', 504],
  ['upstream-head-too-large', 502],
  ['upstream-tls', 502],
  ['client-body-timeout', 408],
  ['body-too-large', 413],
] as const)('%s is a %i, in HTML or JSON as the client accepts', async (code, status) => {
  const plane = failing(
    planeWith([], { policy: { retry: { ...TEST_POLICY.retry, tries: 1 } } }),
    new GatewayError(code, { detail: 'secret 192.0.2.10' }),
    SHOP_ENDPOINT.address,
  )
  const html = await plane.ask({ headers: [['Accept', 'text/html,*/*']] })
  expect([html.status, html.get('content-type')]).toEqual([status, 'text/html; charset=utf-8'])
  const json = await plane.ask({ headers: [['Accept', 'application/json']] })
  expect(JSON.parse(json.body)).toMatchObject({ status })
  expect(html.body + json.body).not.toContain('secret')
  expect(plane.log[0]?.reason).toBe(`${code}: secret 192.0.2.10`)
})

describe('no endpoints', () => {
  const table = (count: number) =>
    tableOf({
      hosts: [hostWith('shop.example', [routeTo('test/shop/80', { whenEmpty: 'test/pages/80' })])],
      backends: [
        backendAt('test/pages/80', [endpoint(9)]),
        backendAt('test/shop/80', count === 0 ? [] : [endpoint(1)]),
      ],
    })
  test('the default backend stands in and is told why', async () => {
    const plane = new Plane(table(0))
    expect(
      (
        await plane.ask({
          target: '/a',
          headers: [
            ['Accept', 'text/html'],
            ['X-Code', 'evil'],
          ],
        })
      ).status,
    ).toBe(200)
    expect(plane.lastSent.request.endpoint).toEqual(endpoint(9))
    const told = [
      'x-code',
      'x-format',
      'x-original-uri',
      'x-namespace',
      'x-ingress-name',
      'x-service-name',
      'x-service-port',
    ].map((name) => plane.lastSent.get(name))
    expect(told).toEqual(['503', 'text/html', '/a', 'test', 'shop', 'shop', '80'])
  })
  test('with endpoints it is not asked', async () => {
    const plane = new Plane(table(1))
    await plane.ask()
    expect(plane.lastSent.request.endpoint).toEqual(endpoint(1))
  })
  test('names are looked up while serving, without one 503', async () => {
    const dns = { name: 'db.example', port: 99 }
    const plane = new Plane(
      tableOf({
        hosts: [hostWith('shop.example', [routeTo('test/db/99')])],
        backends: [backendAt('test/db/99', [], { dns })],
      }),
    )
    await plane.ask()
    expect(plane.lastSent.request.endpoint).toEqual({ address: '192.0.2.53', port: 99 })
    plane.names.set('db.example', ['192.0.2.54'])
    await plane.ask()
    expect(plane.lastSent.request.endpoint.address).toBe('192.0.2.53')
    plane.clock.ms += 6_000
    await plane.ask()
    await plane.ask()
    expect(plane.lastSent.request.endpoint.address).toBe('192.0.2.54')
  })
})

describe('custom errors', () => {
  const interceptErrors = { statuses: [404, 503], backend: 'test/pages/80' as BackendId }
  const plane = (shop: readonly ReturnType<typeof endpoint>[] = [endpoint(1)]) => {
    const made = new Plane(
      tableOf({
        hosts: [hostWith('shop.example', [routeTo('test/shop/80', { policy: { interceptErrors } })])],
        backends: [backendAt('test/pages/80', [endpoint(9)]), backendAt('test/shop/80', shop)],
      }),
    )
    made.engine.respond = ({ request }) =>
      request.endpoint.address === '192.0.2.9' ? { status: 418, body: 'page' } : { status: 404, body: 'bare' }
    return made
  }
  test('a listed status is replaced by the error backend’s own answer', async () => {
    const made = plane()
    const answer = await made.ask({
      method: 'POST',
      target: '/a?b',
      headers: [
        ['Accept', 'text/html'],
        ['X-Request-ID', 'r1'],
        ['X-Forwarded-For', '6.6.6.6'],
      ],
    })
    expect([answer.status, answer.body]).toEqual([418, 'page'])
    expect(made.lastSent.request).toMatchObject({ method: 'GET', target: '/?b', body: 'none' })
    expect(
      ['x-code', 'x-original-uri', 'x-request-id', 'x-service-name', 'x-forwarded-for'].map((name) =>
        made.lastSent.get(name),
      ),
    ).toEqual(['404', '/a?b', 'r1', 'shop', '192.0.2.1'])
  })
  test('also for our own', async () => {
    expect((await plane([]).ask()).status).toBe(418)
  })
  test('others pass', async () => {
    const made = plane()
    made.engine.respond = () => ({ status: 500, body: 'bare' })
    expect((await made.ask()).body).toBe('bare')
  })
})

describe('canary', () => {
  const ask = async (
    canary: Partial<Canary>,
    headers: readonly (readonly [string, string])[] = [],
    affinity = false,
  ): Promise<'canary' | 'main'> => {
    const split: Canary = {
      backend: 'test/new/80' as BackendId,
      weight: 0,
      weightTotal: 100,
      affinity: 'sticky',
      origin: { kind: 'Ingress', namespace: 'test', name: 'new' },
      ...canary,
    }
    const cookie = {
      name: 'STICK',
      mode: 'balanced' as const,
      conditionalSameSiteNone: false,
      secure: false,
      changeOnFailure: false,
    }
    const plane = new Plane(
      tableOf({
        hosts: [hostWith('shop.example', [routeTo('test/shop/80', { canary: split })])],
        backends: [
          backendAt('test/new/80', [endpoint(2)]),
          backendAt('test/shop/80', [endpoint(1)], affinity ? { affinity: cookie } : {}),
        ],
      }),
    )
    await plane.ask({ headers })
    return plane.lastSent.request.endpoint.address === '192.0.2.2' ? 'canary' : 'main'
  }
  test.each<[string, Partial<Canary>, readonly (readonly [string, string])[], 'canary' | 'main']>([
    ['header always', { header: { name: 'X-C' } }, [['x-c', 'always']], 'canary'],
    ['header never beats weight', { header: { name: 'X-C' }, weight: 100 }, [['x-c', 'never']], 'main'],
    [
      'another value falls through to the weight',
      { header: { name: 'X-C' }, weight: 100 },
      [['x-c', 'maybe']],
      'canary',
    ],
    ['header value', { header: { name: 'X-C', value: 'v2' } }, [['x-c', 'v2']], 'canary'],
    [
      'with a value, never does not protect',
      { header: { name: 'X-C', value: 'v2' }, weight: 100 },
      [['x-c', 'never']],
      'canary',
    ],
    ['header pattern', { header: { name: 'X-C', pattern: '^v[0-9]$' } }, [['x-c', 'v7']], 'canary'],
    [
      'the pattern is ignored beside a value',
      { header: { name: 'X-C', value: 'a', pattern: 'b' } },
      [['x-c', 'b']],
      'main',
    ],
    ['cookie always', { cookie: 'c' }, [['Cookie', 'x=1; c=always']], 'canary'],
    ['cookie never beats weight', { cookie: 'c', weight: 100 }, [['Cookie', 'c=never']], 'main'],
    [
      'header before cookie',
      { header: { name: 'X-C' }, cookie: 'c' },
      [
        ['x-c', 'never'],
        ['Cookie', 'c=always'],
      ],
      'main',
    ],
    ['weight 0', { weight: 0 }, [], 'main'],
    ['weight of all', { weight: 100 }, [], 'canary'],
  ])('%s', async (_, canary, headers, expected) => {
    expect(await ask(canary, headers)).toBe(expected)
  })
  test('sticky: the affinity cookie’s backend wins over the split', async () => {
    const { backendHash } = await import('../src/balance/cookie-affinity.ts')
    const cookie = (id: string) => [['Cookie', `STICK=abc|${backendHash(id as BackendId)}`]] as const
    expect(await ask({ weight: 100 }, cookie('test/shop/80'), true)).toBe('main')
    expect(await ask({ weight: 0 }, cookie('test/new/80'), true)).toBe('canary')
    expect(await ask({ weight: 100, affinity: 'legacy' }, cookie('test/shop/80'), true)).toBe('canary')
  })
})
