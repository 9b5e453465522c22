import { expect, test } from '@jest/globals'
import type { Revision, RouteId } from '@postern/routing-table'
import { backendAt, hostWith, routeTo, tableOf } from '@postern/testing/table-builder'
import { Plane } from '../test/ask.ts'

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
