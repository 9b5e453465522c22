import { beforeAll, describe, expect, test } from '@jest/globals'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import {
  ingress,
  makeAuthority,
  RawClient,
  serviceAt,
  tlsSecret,
  type TestAuthority,
  until,
} from '@postern/testing'
import { generate } from 'selfsigned'
import { GatewayFixture } from './gateway-fixture.ts'

describe('TLS', () => {
  let authority: TestAuthority
  beforeAll(async () => {
    authority = await makeAuthority()
  })

  test('the certificate is chosen by server name; others get the fallback', async () => {
    await using gateway = await GatewayFixture.make()
    const shop = await gateway.upstream('shop')
    await gateway.write(
      'all.yaml',
      serviceAt('shop', [shop.endpoint]),
      tlsSecret('shop-tls', await authority.issue('shop.example', '*.shop.example')),
      ingress({
        name: 'shop',
        tls: [{ hosts: ['shop.example', '*.shop.example'], secretName: 'shop-tls' }],
        rules: [
          { host: 'shop.example', paths: [{ service: 'shop' }] },
          { host: '*.shop.example', paths: [{ service: 'shop' }] },
        ],
      }),
    )
    await gateway.start()
    for (const servername of ['shop.example', 'eu.shop.example']) {
      const client = await RawClient.open({
        port: gateway.port('https'),
        tls: { servername, ca: authority.certPem },
      })
      client.write(`GET / HTTP/1.1\r\nHost: ${servername}\r\n\r\n`)
      expect((await client.readResponse()).body).toBe('shop /')
      client.close()
    }
    expect(await certificateNames(gateway, 'stranger.example')).toContain('ingress.local')
  })

  test('plain HTTP of a host with TLS is redirected with 308 to the HTTPS port in use', async () => {
    await using gateway = await GatewayFixture.make()
    const shop = await gateway.upstream('shop')
    await gateway.write(
      'all.yaml',
      serviceAt('shop', [shop.endpoint]),
      tlsSecret('shop-tls', await authority.issue('shop.example')),
      ingress({
        name: 'shop',
        tls: [{ hosts: ['shop.example'], secretName: 'shop-tls' }],
        rules: [{ host: 'shop.example', paths: [{ service: 'shop' }] }],
      }),
      ingress({ name: 'plain', rules: [{ host: 'plain.example', paths: [{ service: 'shop' }] }] }),
    )
    await gateway.start()
    const response = await gateway.get('shop.example:8080', '/a/b?c=d')
    expect(response.status).toBe(308)
    expect(response.values('location')).toEqual([
      `https://shop.example:${String(gateway.port('https'))}/a/b?c=d`,
    ])
    expect((await gateway.get('plain.example', '/')).body).toBe('shop /')
    expect((await gateway.getTls('shop.example', '/')).body).toBe('shop /')
    expect(shop.seen[1]!.headers).toContainEqual(['x-forwarded-proto', 'https'])
  })

  test('a certificate that OpenSSL refuses gets the fallback, is named in the log, and ends nothing', async () => {
    await using gateway = await GatewayFixture.make()
    const shop = await gateway.upstream('shop')
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const keyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const publicKey = createPublicKey(keyPem).export({ type: 'spki', format: 'pem' }).toString()
    const keyPair = { privateKey: keyPem, publicKey }
    const small = await generate([{ name: 'commonName', value: 'shop.example' }], {
      algorithm: 'sha256',
      keyPair,
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'shop.example' }] }],
    })
    await gateway.write(
      'all.yaml',
      serviceAt('shop', [shop.endpoint]),
      tlsSecret('small', { certPem: small.cert, keyPem }),
      ingress({
        name: 'shop',
        tls: [{ hosts: ['shop.example'], secretName: 'small' }],
        rules: [{ host: 'shop.example', paths: [{ service: 'shop' }] }],
      }),
    )
    await gateway.start()
    expect(await certificateNames(gateway, 'shop.example')).toContain('ingress.local')
    expect(gateway.logged.join('')).toContain('cannot be used')
    expect((await gateway.getTls('shop.example', '/')).body).toBe('shop /')
  })

  test('a renewed Secret is served to new connections', async () => {
    await using gateway = await GatewayFixture.make()
    const shop = await gateway.upstream('shop')
    const rest = [
      ...serviceAt('shop', [shop.endpoint]),
      ingress({
        name: 'shop',
        tls: [{ hosts: ['shop.example'], secretName: 'shop-tls' }],
        rules: [{ host: 'shop.example', paths: [{ service: 'shop' }] }],
      }),
    ]
    await gateway.write('all.yaml', rest)
    await gateway.write('secret.yaml', tlsSecret('shop-tls', await authority.issue('shop.example')))
    await gateway.start()
    expect(await certificateNames(gateway, 'shop.example')).toBe('DNS:shop.example')
    await gateway.write(
      'secret.yaml',
      tlsSecret('shop-tls', await authority.issue('shop.example', 'www.shop.example')),
    )
    await until('the new certificate is served', async () =>
      (await certificateNames(gateway, 'shop.example')).includes('www.shop.example'),
    )
  })
})

async function certificateNames(gateway: GatewayFixture, servername: string): Promise<string> {
  const client = await RawClient.open({
    port: gateway.port('https'),
    tls: { servername, rejectUnauthorized: false },
  })
  const names = (client.socket as TLSSocket).getPeerX509Certificate()?.subjectAltName ?? ''
  client.close()
  return names
}
