import { expect, test } from '@jest/globals'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { DEFAULT_COMPILE_SETTINGS, parseYaml } from '@postern/control-plane'
import { against, formatAgainst, parseExplainRequest, type Against } from '@postern/explain'
import { ingress, serviceAt, toYaml, type ManifestObject } from '@postern/testing'
import { askGateway } from '../src/ask-gateway.ts'
import { GatewayFixture } from './gateway-fixture.ts'

const rule = (path: string, service = 'shop', host = 'shop.example') => [{ host, paths: [{ path, service }] }]

async function compare(
  gateway: GatewayFixture,
  objects: readonly (ManifestObject | readonly ManifestObject[])[],
  scheme: 'http' | 'https' = 'http',
  redirectPort?: number,
): Promise<Against> {
  const { value, diagnostics } = parseYaml(toYaml(...objects.flat()), 'new.yaml')
  const url = new URL(`${scheme}://127.0.0.1:${String(gateway.port(scheme))}`)
  const { httpsRedirectPort } = DEFAULT_COMPILE_SETTINGS
  const settings = { ...DEFAULT_COMPILE_SETTINGS, httpsRedirectPort: redirectPort ?? httpsRedirectPort }
  const ask = (one: Parameters<typeof askGateway>[1]) => askGateway(url, one)
  const exactPort = redirectPort !== undefined
  return against({ manifests: value, diagnostics }, { settings, scheme, exactPort, ask })
}

test('diff --against: a gateway with these manifests answers as explained, one with others does not', async () => {
  await using gateway = await GatewayFixture.make()
  const shop = await gateway.upstream('shop')
  const objects = (annotations: Record<string, string>) => [
    ingress({ name: 'shop', annotations, rules: rule('/cart/') }),
    ingress({
      name: 'cors',
      annotations: { 'enable-cors': 'true', 'force-ssl-redirect': 'true' },
      rules: rule('/', 'shop', 'api.example'),
    }),
    ...serviceAt('shop', [shop.endpoint]),
  ]
  await gateway.write('shop.yaml', ...objects({}))
  await gateway.start()

  for (const scheme of ['http', 'https'] as const)
    expect(formatAgainst(await compare(gateway, objects({}), scheme))).toMatch(
      /^Every answer is as explained \(\d+ asked\)/,
    )
  const { differences } = await compare(gateway, objects({ 'permanent-redirect': 'https://new.example/' }))
  expect(differences[0]).toMatchObject({
    request: expect.stringContaining('http://shop.example/'),
    expected: 'answered 301 to https://new.example/',
  })
})

test('diff --against: the port in redirects to HTTPS counts for whoever names one', async () => {
  await using gateway = await GatewayFixture.make()
  const annotations = { 'force-ssl-redirect': 'true' }
  const objects = [ingress({ name: 'shop', annotations, rules: rule('/') })]
  await gateway.write('shop.yaml', ...objects)
  await gateway.start()

  expect(await compare(gateway, objects)).toMatchObject({ differences: [] })
  expect(await compare(gateway, objects, 'http', gateway.port('https'))).toMatchObject({ differences: [] })
  const [first] = (await compare(gateway, objects, 'http', 443)).differences
  expect(first).toMatchObject({
    expected: expect.stringMatching(/^answered 308 to https:\/\/shop\.example\//),
    answered: expect.stringMatching(/^308 to https:\/\/shop\.example:\d+\//),
  })
})

test('diff --against: where nothing listens, the address and the request are named', async () => {
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const { port } = closed.address() as AddressInfo
  closed.close()
  await once(closed, 'close')
  const request = parseExplainRequest({ url: 'http://shop.example/cart' })
  await expect(askGateway(new URL(`http://127.0.0.1:${String(port)}`), request)).rejects.toThrow(
    /^127\.0\.0\.1:\d+ did not answer GET \/cart \(connect ECONNREFUSED .*\): is it running there\?$/,
  )
})

test('a 404 of the gateway is told from a 404 of an upstream, both ways', async () => {
  await using gateway = await GatewayFixture.make()
  const shop = await gateway.upstream('shop', {
    respond: (_request, response) => response.writeHead(404).end('no such thing'),
  })
  const service = serviceAt('shop', [shop.endpoint])
  const served = [ingress({ name: 'shop', rules: rule('/cart') }), service]
  await gateway.write('shop.yaml', ...served.flat())
  await gateway.start()

  expect(await compare(gateway, served)).toMatchObject({ differences: [], undecided: [] })
  const wider = await compare(gateway, [ingress({ name: 'shop', rules: rule('/') }), service])
  expect(wider.differences).toContainEqual({
    request: 'GET http://shop.example/probe?probe=1',
    expected: 'forwarded to default/shop/80 as GET /probe?probe=1',
    answered: '404 of the gateway itself',
  })
  const narrower = await compare(gateway, [ingress({ name: 'shop', rules: rule('/cart/a') }), service])
  expect(narrower.differences).toContainEqual({
    request: 'GET http://shop.example/cart/?probe=1',
    expected: 'answered 404 (no rule matches this host and path)',
    answered: '404 of an upstream',
  })
})

test('a gateway that may tell what it did is compared by Service and path, too', async () => {
  await using gateway = await GatewayFixture.make()
  const [shop, next] = [await gateway.upstream('shop'), await gateway.upstream('next')]
  const services = [serviceAt('shop', [shop.endpoint]), serviceAt('next', [next.endpoint])]
  const objects = (service: string, annotations: Record<string, string> = {}) => [
    ingress({ name: 'shop', annotations, rules: rule('/', service) }),
    ...services,
  ]
  await gateway.write('shop.yaml', ...objects('shop'))
  await gateway.start({ explainHeader: true })

  expect(await compare(gateway, objects('shop'))).toMatchObject({ traced: true, differences: [] })
  const [elsewhere] = (await compare(gateway, objects('next'))).differences
  expect(elsewhere).toMatchObject({
    expected: 'forwarded to default/next/80 as GET /.well-known/acme-challenge/probe?probe=1',
    answered: 'forwarded to default/shop/80 as /.well-known/acme-challenge/probe?probe=1, 200',
  })
  const rewritten = await compare(gateway, objects('shop', { 'rewrite-target': '/new' }))
  expect(rewritten.differences.length).toBeGreaterThan(3)
})

test('where rules for any host leave nothing to compare with, it says so, and a gateway that tells decides', async () => {
  await using gateway = await GatewayFixture.make()
  const shop = await gateway.upstream('shop', {
    respond: (_request, response) => response.writeHead(404).end('no such thing'),
  })
  const any = ingress({ name: 'any', rules: [{ paths: [{ path: '/', service: 'shop' }] }] })
  const objects = [any, ...serviceAt('shop', [shop.endpoint])]
  await gateway.write('shop.yaml', ...objects)
  await gateway.start()
  const found = await compare(gateway, objects)
  expect([found.differences, found.undecided.length]).toEqual([[], found.asked])
  expect(formatAgainst(found)).toContain('hosts that nobody serves have an upstream too')

  await using telling = await GatewayFixture.make()
  await telling.write('shop.yaml', ...objects)
  await telling.start({ explainHeader: true })
  const told = { traced: true, differences: [], undecided: [] }
  expect(await compare(telling, objects)).toMatchObject(told)
})
