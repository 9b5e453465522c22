import { expect, test } from '@jest/globals'
import { DEFAULT_COMPILE_SETTINGS } from '@postern/control-plane'
import { RawClient, rawRequest } from '@postern/testing'
import { GatewayFixture } from './gateway-fixture.ts'

test('what is no request is counted and logged, without a word of what was sent', async () => {
  await using gateway = await GatewayFixture.make()
  await gateway.start()
  const answer = await rawRequest({ port: gateway.port('http') }, 'secret\u0001 words\r\n\r\n')
  expect(answer.status).toBe(400)
  expect(gateway.accesses).toMatchObject([
    { status: 400, client: '127.0.0.1', scheme: 'http', host: '', path: '', route: '' },
  ])
  expect(gateway.accesses[0]?.reason).toBeTruthy()
  expect(JSON.stringify(gateway.accesses)).not.toContain('secret')
  expect((await gateway.admin('/metrics')).body).toContain('postern_refused_total{status="400"} 1')
})

test('who does not begin with the PROXY protocol where it is spoken is closed without a word, and logged', async () => {
  await using gateway = await GatewayFixture.make()
  const configMap = { namespace: 'ingress', name: 'nginx' }
  await gateway.write('global.yaml', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: configMap,
    data: { 'use-proxy-protocol': 'true' },
  })
  await gateway.start({ compile: { ...DEFAULT_COMPILE_SETTINGS, configMap } })
  const client = await RawClient.open({ port: gateway.port('http') })
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(await client.readToEnd()).toBe('')
  expect(gateway.accesses).toMatchObject([
    {
      status: 400,
      bytes: 0,
      complete: false,
      client: '127.0.0.1',
      reason: 'no greeting of the PROXY protocol',
    },
  ])
  expect((await gateway.admin('/metrics')).body).toContain('postern_refused_total{status="400"} 1')
})
