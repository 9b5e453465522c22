import { expect, test } from '@jest/globals'
import type { ConnectionFacts, PassedThrough, Passthrough } from '@postern/exchange'
import type { BackendId, HostPattern, RouteId, TlsPassthrough } from '@postern/routing-table'
import { backendAt, hostWith, tableOf } from '@postern/testing/table-builder'
import { formatAccess } from '../src/index.ts'
import { Plane } from './ask.ts'

const SHOP: TlsPassthrough = {
  host: 'shop.example' as HostPattern,
  id: 'test/web/shop.example/(passthrough)' as RouteId,
  backend: 'test/shop/443' as BackendId,
  connectMs: 5_000,
  idleMs: 600_000,
  accessLog: true,
  origin: { kind: 'Ingress', namespace: 'test', name: 'web' },
}
const ENDPOINTS = [1, 2, 3, 4, 5].map((last) => ({ address: `192.0.2.${String(last)}`, port: 8443 }))
const CONNECTION: ConnectionFacts = {
  ...{ scheme: 'https', remoteAddress: '192.0.2.77', remotePort: 4711, localPort: 443, id: 1 },
}

function tableWith(passthroughs: readonly TlsPassthrough[], endpoints = ENDPOINTS) {
  const backends = [backendAt('test/shop/443', endpoints)]
  return tableOf({ hosts: [hostWith('shop.example', [])], backends, rest: { passthroughs } })
}

function ask({ dataPlane }: Plane, serverName: string): Passthrough | undefined {
  return dataPlane.tls.passthrough?.(serverName)
}

function passed(more: Partial<PassedThrough>): PassedThrough {
  return {
    connection: CONNECTION,
    outcome: 'passed',
    endpoint: ENDPOINTS[0],
    attempts: 1,
    bytes: 4096,
    ...more,
  }
}

test('only the very name of a host that asks for it is passed through', () => {
  const plane = new Plane(tableWith([SHOP]))
  expect(ask(plane, 'shop.example')).toMatchObject({ connectMs: 5_000, idleMs: 600_000 })
  for (const name of ['a.shop.example', 'example', 'other.example', '*'])
    expect(ask(plane, name)).toBeUndefined()
  plane.dataPlane.replaceTable(tableWith([]))
  expect(ask(plane, 'shop.example')).toBeUndefined()
})

test('three of its endpoints are tried at most, beginning anywhere', async () => {
  const plane = new Plane(tableWith([SHOP]))
  const firsts = new Set<string>()
  for (let round = 0; round < 200; round++) {
    const endpoints = (await ask(plane, 'shop.example')?.endpoints()) ?? []
    expect(new Set(endpoints).size).toBe(3)
    firsts.add(endpoints[0]?.address ?? '')
  }
  expect([...firsts].sort()).toEqual(ENDPOINTS.map(({ address }) => address))
})

test('a connection keeps to the table it began with', async () => {
  const plane = new Plane(tableWith([SHOP], ENDPOINTS.slice(0, 1)))
  const before = ask(plane, 'shop.example')
  plane.dataPlane.replaceTable(tableWith([SHOP], ENDPOINTS.slice(1, 2)))
  expect(await before?.endpoints()).toEqual(ENDPOINTS.slice(0, 1))
  expect(await ask(plane, 'shop.example')?.endpoints()).toEqual(ENDPOINTS.slice(1, 2))
})

test('a host without endpoints, or without a path /, says so', async () => {
  const plane = new Plane(tableWith([SHOP], []))
  await expect(ask(plane, 'shop.example')?.endpoints()).rejects.toThrow('test/shop/443 has no ready endpoint')
  const { backend: _backend, ...nowhere } = SHOP
  plane.dataPlane.replaceTable(tableWith([nowhere]))
  await expect(ask(plane, 'shop.example')?.endpoints()).rejects.toThrow('shop.example has no path /')
})

test('its end is one line of the access log and is counted, with nothing of what was said', () => {
  const plane = new Plane(tableWith([SHOP]))
  const connection = ask(plane, 'shop.example')
  expect(plane.dataPlane.metricsText()).toContain('\npostern_passthrough_connections 1\n')
  plane.clock.ms += 1_500
  connection?.over(passed({}))
  expect(plane.dataPlane.metricsText()).toContain('\npostern_passthrough_connections 0\n')
  expect(plane.log).toHaveLength(1)
  expect(plane.log[0]).toMatchObject({
    ...{ client: '192.0.2.77', scheme: 'https', host: 'shop.example', path: '', status: 200, bytes: 4096 },
    ...{ complete: true, durationMs: 1_500, route: SHOP.id, backend: 'test/shop/443' },
    ...{ endpoint: '192.0.2.1:8443', attempts: 1, reason: undefined },
  })
  expect(JSON.parse(formatAccess(plane.log[0]!, 'json'))).toMatchObject({ msg: 'access', route: SHOP.id })
  const labels = 'host="shop.example",namespace="test",ingress="web"'
  expect(plane.dataPlane.metricsText()).toContain(
    `postern_passthrough_connections_total{${labels},status="200"} 1\n`,
  )
  expect(plane.dataPlane.metricsText()).toContain(`postern_passthrough_bytes_total{${labels}} 4096\n`)
  expect(plane.warnings).toEqual([])
  plane.dataPlane.replaceTable(tableWith([]))
  expect(plane.dataPlane.metricsText()).not.toContain(labels)
})

test.each([
  [{ outcome: 'unreached', problem: 'connect ECONNREFUSED' }, 502, 'connect ECONNREFUSED', 1],
  [{ outcome: 'unreached', attempts: 0, problem: 'nobody' }, 503, 'nobody', 1],
  [{ outcome: 'client-gone' }, 499, 'client-gone', 0],
  [{ outcome: 'too-many-connections' }, 503, 'too-many-connections', 0],
] as const)('%j is told as %i', (how, status, reason, warnings) => {
  const plane = new Plane(tableWith([SHOP]))
  ask(plane, 'shop.example')?.over(passed({ bytes: 0, ...how }))
  expect(plane.log[0]).toMatchObject({ status, reason, complete: false })
  expect(plane.warnings).toHaveLength(warnings)
})

test('what is not to be logged is counted all the same', () => {
  const plane = new Plane(tableWith([{ ...SHOP, accessLog: false }]))
  ask(plane, 'shop.example')?.over(passed({}))
  expect(plane.log).toEqual([])
  expect(plane.dataPlane.metricsText()).toContain('status="200"} 1\n')
})
