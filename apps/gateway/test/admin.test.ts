import { X509Certificate } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { ingress, makeAuthority, serviceAt, tlsSecret, until } from '@postern/testing'
import { GatewayFixture } from './gateway-fixture.ts'

test('the admin port shows probes, metrics and the table without keys', async () => {
  await using gateway = await GatewayFixture.make()
  const shop = await gateway.upstream('shop')
  const certificate = await (await makeAuthority()).issue('shop.example')
  await gateway.write(
    'all.yaml',
    serviceAt('shop', [shop.endpoint]),
    tlsSecret('shop-tls', certificate),
    ingress({
      name: 'shop',
      annotations: { 'ssl-redirect': 'false' },
      tls: [{ hosts: ['shop.example'], secretName: 'shop-tls' }],
      rules: [{ host: 'shop.example', paths: [{ service: 'shop' }] }],
    }),
  )
  await gateway.start()
  await gateway.get('shop.example', '/')
  expect((await gateway.admin('/healthz')).status).toBe(200)
  expect((await gateway.admin('/readyz')).status).toBe(200)
  expect((await gateway.admin('/nothing')).status).toBe(404)
  const metrics = await until('the request is counted', async () => {
    const { body } = await gateway.admin('/metrics')
    return /postern_requests_total\{[^}]*ingress="shop"[^}]*status="200"\} 1/.test(body) ? body : undefined
  })
  expect(metrics).toContain('process_cpu_user_seconds_total')
  expect(metrics).toContain('postern_findings{severity="error"} 0')
  const ends = /^postern_certificate_expiration_timestamp_seconds\{certificate="default\/shop-tls"\} (\d+)$/m
  expect(Number(ends.exec(metrics)?.[1]) * 1000).toBe(
    Date.parse(new X509Certificate(certificate.certPem).validTo),
  )
  const table = (await gateway.admin('/table')).body
  expect(table).toContain('"shop.example"')
  expect(table).toContain('[redacted]')
  expect(table).not.toContain('PRIVATE KEY')
})
