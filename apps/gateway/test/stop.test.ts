import { expect, test } from '@jest/globals'
import { ingress, RawClient, serviceAt, until } from '@postern/testing'
import { GatewayFixture } from './gateway-fixture.ts'

async function withSlowRequest(gateway: GatewayFixture): Promise<{ client: RawClient; finish: () => void }> {
  let finish: (() => void) | undefined
  const shop = await gateway.upstream('shop', {
    respond: (_, response) => (finish = () => response.end('late')),
  })
  const rules = [{ host: 'shop.example', paths: [{ service: 'shop' }] }]
  await gateway.write('all.yaml', serviceAt('shop', [shop.endpoint]), ingress({ name: 'shop', rules }))
  await gateway.start({ drainTimeoutMs: 300 })
  const client = await RawClient.open({ port: gateway.port('http') })
  client.write('GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n')
  return { client, finish: await until('the request is under way', () => finish) }
}

test('while it drains it is not ready, but alive', async () => {
  await using gateway = await GatewayFixture.make()
  const { client, finish } = await withSlowRequest(gateway)
  const stopped = gateway.stop()
  expect((await gateway.admin('/readyz')).status).toBe(503)
  expect((await gateway.admin('/healthz')).status).toBe(200)
  finish()
  expect(await client.readResponse()).toMatchObject({ status: 200, body: 'late' })
  await stopped
})

test('what is open after the drain timeout is cut, and the log says how much', async () => {
  await using gateway = await GatewayFixture.make()
  const { client } = await withSlowRequest(gateway)
  await gateway.stop()
  await client.readToEnd()
  expect(gateway.logged.join('')).toMatch(/drain timed out.*"connections":1/)
})

test('requests that arrive within the drain delay are served, and told to come by another connection', async () => {
  await using gateway = await GatewayFixture.make()
  await gateway.start({ drainDelayMs: 1_000 })
  const [known, later] = await Promise.all([1, 2].map(() => RawClient.open({ port: gateway.port('http') })))
  const request = 'GET / HTTP/1.1\r\nHost: nobody.example\r\n\r\n'
  known?.write(request)
  expect((await known?.readResponse())?.values('connection')).not.toContain('close')
  const stopped = gateway.stop()
  for (const client of [known, later]) {
    client?.write(request)
    const response = await client?.readResponse()
    expect([response?.status, response?.values('connection')]).toEqual([404, ['close']])
  }
  await stopped
})
