import { expect, test } from '@jest/globals'
import { rawRequest } from '@postern/testing'
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
