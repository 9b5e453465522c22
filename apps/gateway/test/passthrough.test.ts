import { beforeAll, expect, test } from '@jest/globals'
import type { TLSSocket } from 'node:tls'
import { DEFAULT_COMPILE_SETTINGS } from '@postern/control-plane'
import {
  closedPort,
  ingress,
  makeAuthority,
  RawClient,
  serviceAt,
  until,
  type TestAuthority,
  type TestCertificate,
} from '@postern/testing'
import { GatewayFixture } from './gateway-fixture.ts'

// ssl-passthrough, from the manifests to the wire.

const ON = { engine: 'own', compile: { ...DEFAULT_COMPILE_SETTINGS, sslPassthrough: true } } as const
const WEB = ingress({
  name: 'web',
  annotations: { 'ssl-passthrough': 'true' },
  rules: [{ host: 'shop.example', paths: [{ service: 'shop' }] }],
})

let authority: TestAuthority
let certificate: TestCertificate
beforeAll(async () => {
  authority = await makeAuthority()
  certificate = await authority.issue('shop.example')
})

function open(gateway: GatewayFixture, servername = 'shop.example'): Promise<RawClient> {
  return RawClient.open({ port: gateway.port('https'), tls: { servername, ca: authority.certPem } })
}

async function ask(client: RawClient): Promise<string> {
  client.write('GET /x HTTP/1.1\r\nHost: shop.example\r\n\r\n')
  return (await client.readResponse()).body
}

test('TLS that names the host ends at the backend; what is answered here goes there by HTTPS', async () => {
  await using gateway = await GatewayFixture.make()
  const shop = await gateway.upstream('shop', { tls: certificate })
  await gateway.write('all.yaml', serviceAt('shop', [shop.endpoint]), WEB)
  await gateway.start(ON)
  const client = await open(gateway)
  expect((client.socket as TLSSocket).getPeerX509Certificate()?.subjectAltName).toBe('DNS:shop.example')
  expect(await ask(client)).toBe('shop /x')
  expect(shop.seen[0]?.headers.map(([name]) => name.toLowerCase())).not.toContain('x-forwarded-for')
  client.close()
  const passed = await until('it is logged', () => gateway.accesses.find(({ path }) => path === ''))
  expect(passed).toMatchObject({
    ...{ host: 'shop.example', route: 'default/web/shop.example/(passthrough)', status: 200, complete: true },
    ...{ backend: 'default/shop/80', client: '127.0.0.1' },
  })
  expect((await gateway.admin('/metrics')).body).toMatch(
    /postern_passthrough_connections_total\{host="shop.example",.*status="200"\} 1\n/,
  )
  // Plain HTTP, and HTTPS that asked for another name, are opened here.
  expect((await gateway.get('shop.example', '/plain')).body).toBe('shop /plain')
  const other = await gateway.getTls('other.example', '/')
  expect(other.status).toBe(404)
})

test('connections outlive a change of the table, new ones follow it', async () => {
  await using gateway = await GatewayFixture.make()
  const [old, next] = [
    await gateway.upstream('old', { tls: certificate }),
    await gateway.upstream('next', { tls: certificate }),
  ]
  await gateway.write('service.yaml', serviceAt('shop', [old.endpoint]))
  await gateway.write('web.yaml', WEB)
  await gateway.start(ON)
  const early = await open(gateway)
  expect(await ask(early)).toBe('old /x')
  await gateway.write('service.yaml', serviceAt('shop', [next.endpoint]))
  await gateway.untilServed('shop.example', '/', ({ body }) => body === 'next /')
  expect(await ask(early)).toBe('old /x')
  const late = await open(gateway)
  expect(await ask(late)).toBe('next /x')
  await gateway.write(
    'web.yaml',
    ingress({ name: 'web', rules: [{ host: 'shop.example', paths: [{ path: '/only', service: 'shop' }] }] }),
  )
  await gateway.untilServed('shop.example', '/', ({ status }) => status === 404)
  await expect(open(gateway)).rejects.toThrow('self-signed')
  expect(await ask(late)).toBe('next /x')
  for (const client of [early, late]) client.close()
})

test('it is drained when the gateway stops: served to its end, and no longer than the time to drain', async () => {
  await using gateway = await GatewayFixture.make()
  const shop = await gateway.upstream('shop', { tls: certificate })
  await gateway.write('all.yaml', serviceAt('shop', [shop.endpoint]), WEB)
  await gateway.start({ ...ON, drainTimeoutMs: 300 })
  const [busy, idle] = [await open(gateway), await open(gateway)]
  expect(await ask(busy)).toBe('shop /x')
  const stopped = gateway.stop()
  expect(await ask(busy)).toBe('shop /x')
  busy.close()
  await stopped
  expect(await idle.readToEnd()).toBe('')
})

test('an endpoint that is gone closes the connection, and the log says why', async () => {
  await using gateway = await GatewayFixture.make()
  const gone = { address: '127.0.0.1', port: await closedPort() }
  await gateway.write('all.yaml', serviceAt('shop', [gone]), WEB)
  await gateway.start(ON)
  await expect(open(gateway)).rejects.toThrow('disconnected')
  const entry = await until('it is logged', () => gateway.accesses[0])
  expect(entry).toMatchObject({
    status: 502,
    complete: false,
    reason: expect.stringContaining('ECONNREFUSED'),
  })
  expect(gateway.logged.join('\n')).toContain('a TLS connection for shop.example was closed')
})

test('without the flag TLS ends here, with the fallback certificate', async () => {
  await using gateway = await GatewayFixture.make()
  const shop = await gateway.upstream('shop', { tls: certificate })
  await gateway.write('all.yaml', serviceAt('shop', [shop.endpoint]), WEB)
  await gateway.start({ engine: 'own' })
  await expect(open(gateway)).rejects.toThrow('self-signed')
  expect((await gateway.getTls('shop.example', '/y')).body).toBe('shop /y')
  expect(shop.seen[0]?.headers.map(([name]) => name.toLowerCase())).toContain('x-forwarded-for')
})
