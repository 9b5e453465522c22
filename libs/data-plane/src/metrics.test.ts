import { expect, test } from '@jest/globals'
import type { Revision, RouteId } from '@postern/routing-table'
import { backendAt, hostWith, routeTo, tableOf } from '@postern/testing/table-builder'
import { GatewayError } from '@postern/exchange'
import { Plane, SHOP_ENDPOINT } from '../test/ask.ts'

const backends = [backendAt('test/shop/80', [{ address: '192.0.2.10', port: 8080 }])]
const route = (id: string) => ({ ...routeTo('test/shop/80'), id: id as RouteId })
const table = (revision: number, ...ids: readonly string[]) => ({
  ...tableOf({
    hosts: [hostWith('shop.example', ids.map(route)), hostWith('b.example', [route('b')])],
    backends,
  }),
  revision: revision as Revision,
})

test('the numbers of a route that is gone are let go, its neighbours keep theirs', async () => {
  const plane = new Plane(table(1, 'a'))
  await plane.ask({ host: 'shop.example' })
  await plane.ask({ host: 'b.example' })
  plane.dataPlane.replaceTable(table(2, 'a', 'c'))
  expect(plane.dataPlane.metricsText()).toContain('route="a"')
  plane.dataPlane.replaceTable(table(3, 'c'))
  expect(plane.dataPlane.metricsText()).not.toContain('route="a"')
  expect(plane.dataPlane.metricsText()).toContain('route="b"')
})

test('so are those of a request that ends after its route was gone, with the next table', async () => {
  const plane = new Plane(table(1, 'a'))
  const late = plane.ask({ host: 'shop.example' })
  plane.dataPlane.replaceTable(table(2))
  await late
  plane.dataPlane.replaceTable(table(3))
  expect(plane.dataPlane.metricsText()).not.toContain('route="a"')
})

test('attempts are counted per backend and endpoint, failed ones too, until no backend uses the endpoint', async () => {
  const two = [backendAt('test/shop/80', [SHOP_ENDPOINT, { address: '192.0.2.11', port: 8080 }])]
  const hosts = [hostWith('shop.example', [route('a')])]
  const plane = new Plane({ ...tableOf({ hosts, backends: two }), revision: 1 as Revision })
  let asked = 0
  plane.engine.respond = () => {
    plane.clock.ms += 3
    if (++asked === 1) throw new GatewayError('connect-refused', { retrySafe: true })
    return { status: 200 }
  }
  await plane.ask({ host: 'shop.example' })
  const text = plane.dataPlane.metricsText()
  const sample = (name: string, labels: string): string =>
    new RegExp(`^${name}\\{backend="test/shop/80",endpoint="[^"]*"${labels}\\} (.*)$`, 'm').exec(text)?.[1] ??
    'absent'
  expect(sample('postern_upstream_requests_total', ',status="none"')).toBe('1')
  expect(sample('postern_upstream_requests_total', ',status="200"')).toBe('1')
  expect(sample('postern_upstream_duration_seconds_bucket', ',le="0.0025"')).toBe('0')
  expect(text).toMatch(/^postern_upstream_duration_seconds_sum\{.*\} 0\.003$/m)

  plane.dataPlane.replaceTable({ ...tableOf({ hosts, backends }), revision: 2 as Revision })
  expect(plane.dataPlane.metricsText()).not.toContain('192.0.2.11')
  expect(plane.dataPlane.metricsText()).toContain('endpoint="192.0.2.10:8080"')
})
