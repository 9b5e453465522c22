import { expect, test } from '@jest/globals'
import { ingress, serviceAt } from '@postern/testing'
import { GatewayFixture } from './gateway-fixture.ts'

test('admin /explain answers for the manifests that are served, and says what is wrong with a question', async () => {
  await using gateway = await GatewayFixture.make()
  const shop = await gateway.upstream('shop')
  const rules = [{ host: 'shop.example', paths: [{ path: '/cart', service: 'shop' }] }]
  await gateway.write('shop.yaml', ingress({ name: 'shop', rules }), serviceAt('shop', [shop.endpoint]))
  await gateway.start()

  const asked = await gateway.admin('/explain?url=http://shop.example/cart')
  expect(JSON.parse(asked.body)).toMatchObject({
    summary: 'forwarded to default/shop/80 as GET /cart',
    outcomes: [{ outcome: { endpoints: [`127.0.0.1:${String(shop.port)}`] } }],
  })
  const wrong = await gateway.admin('/explain')
  expect([wrong.status, wrong.body]).toEqual([400, expect.stringContaining('expected ?url=')])
})

test('Postern-Explain: what happened is told only where it is allowed and asked for', async () => {
  await using gateway = await GatewayFixture.make()
  const shop = await gateway.upstream('shop')
  const annotations = { 'denylist-source-range': '127.0.0.0/8' }
  const paths = (path: string) => [{ host: 'shop.example', paths: [{ path, service: 'shop' }] }]
  await gateway.write(
    'shop.yaml',
    ingress({ name: 'shop', rules: paths('/') }),
    ingress({ name: 'admin', annotations, rules: paths('/admin') }),
    serviceAt('shop', [shop.endpoint]),
  )
  await gateway.start({ explainHeader: true })

  const trace = async (target: string) => {
    const response = await gateway.get('shop.example', target, 'Postern-Explain: 1')
    return JSON.parse(response.values('postern-explain')[0] ?? 'null') as unknown
  }
  expect(await trace('/x?q=1')).toMatchObject({
    host: 'shop.example',
    route: 'default/shop/shop.example/',
    backend: 'default/shop/80',
    endpoint: `127.0.0.1:${String(shop.port)}`,
    attempts: 1,
    totalMs: expect.any(Number),
    upstreamMs: expect.any(Number),
  })
  expect(await trace('/admin')).toMatchObject({
    stoppedBy: 'access',
    reason: '127.0.0.1 is on the deny list',
    attempts: 0,
  })
  expect((await gateway.get('shop.example', '/x')).values('postern-explain')).toEqual([])
})

test('without --explain-header nobody is told anything', async () => {
  await using gateway = await GatewayFixture.make()
  const shop = await gateway.upstream('shop')
  await gateway.write(
    'shop.yaml',
    ingress({ name: 'shop', rules: [{ host: 'shop.example', paths: [{ service: 'shop' }] }] }),
    serviceAt('shop', [shop.endpoint]),
  )
  await gateway.start()
  const response = await gateway.get('shop.example', '/', 'Postern-Explain: 1')
  expect(response.values('postern-explain')).toEqual([])
})
