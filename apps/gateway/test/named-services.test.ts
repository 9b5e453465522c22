import { expect, test } from '@jest/globals'
import { ingress, serviceAt, until, type ManifestObject, type Upstream } from '@postern/testing'
import { GatewayFixture } from './gateway-fixture.ts'

test('auth-url by the name of a Service is asked at its ready endpoints, and follows them', async () => {
  await using gateway = await GatewayFixture.make()
  const shop = await gateway.upstream('shop')
  const answering = (name: string, status: number): Promise<Upstream> =>
    gateway.upstream(name, {
      respond: (_, response) => {
        response.statusCode = status
        response.end()
      },
    })
  const [open, shut] = [await answering('open', 202), await answering('shut', 403)]
  // Of a namespace of its own, as behind a cluster's DNS; nobody is asked for this name.
  const annotations = { 'auth-url': 'http://login.auth.svc.cluster.local/verify?x=1' }
  const rules = [{ host: 'shop.example', paths: [{ service: 'shop' }] }]
  const write = (upstream: Upstream, isReady = true): Promise<void> =>
    gateway.write(
      'all.yaml',
      ingress({ name: 'shop', annotations, rules }),
      serviceAt('shop', [shop.endpoint]),
      serviceAt('login', [upstream.endpoint], 'auth').map((object) => withReadiness(object, isReady)),
    )

  await write(open)
  await gateway.start()
  expect((await gateway.get('shop.example', '/cart')).status).toBe(200)
  expect(open.seen.map(({ target, headers }) => [target, new Map(headers).get('host')])).toEqual([
    ['/verify?x=1', 'login.auth.svc.cluster.local'],
  ])

  await write(shut)
  await gateway.untilServed('shop.example', '/', ({ status }) => status === 403)
  await write(open, false)
  await gateway.untilServed('shop.example', '/', ({ status }) => status === 500)
  expect(gateway.logged.join('\n')).toContain('auth/login/80 has no ready endpoint')
  await write(open)
  await gateway.untilServed('shop.example', '/', ({ status }) => status === 200)
})

test('mirror-target by the name of a Service is sent copies at its endpoints', async () => {
  await using gateway = await GatewayFixture.make()
  const [shop, shadow] = [await gateway.upstream('shop'), await gateway.upstream('shadow')]
  const annotations = { 'mirror-target': 'http://shadow.test.svc.cluster.local$request_uri' }
  await gateway.write(
    'all.yaml',
    ingress({ name: 'shop', annotations, rules: [{ host: 'shop.example', paths: [{ service: 'shop' }] }] }),
    serviceAt('shop', [shop.endpoint]),
    serviceAt('shadow', [shadow.endpoint], 'test'),
  )
  await gateway.start()
  expect((await gateway.get('shop.example', '/cart?id=1')).body).toBe('shop /cart?id=1')
  await until('the copy has come', () => shadow.seen.length === 1)
  expect(shadow.seen[0]).toMatchObject({ method: 'GET', target: '/cart?id=1' })
})

function withReadiness(object: ManifestObject, ready: boolean): ManifestObject {
  const { endpoints } = object as { readonly endpoints?: readonly object[] }
  return endpoints === undefined
    ? object
    : { ...object, endpoints: endpoints.map((one) => ({ ...one, conditions: { ready } })) }
}
