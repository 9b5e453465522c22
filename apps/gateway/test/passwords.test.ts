import { expect, test } from '@jest/globals'
import { ingress, opaqueSecret, serviceAt, until } from '@postern/testing'
import { GatewayFixture } from './gateway-fixture.ts'

// Of "secret", as `htpasswd -B -C 14` writes it: a second of work.
const COST_14 = '$2y$14$p.PDLZjapD27L5CiANtIYuD5t0uZex0U4M4izehcq.6okm2vzTV2q'

const authorization = (pair: string): string => `Authorization: Basic ${Buffer.from(pair).toString('base64')}`

test('a bcrypt check of a second: others are answered meanwhile; a Secret that changes forgets who was let in', async () => {
  await using gateway = await GatewayFixture.make()
  const shop = await gateway.upstream('shop')
  const write = (hash: string) =>
    gateway.write(
      'all.yaml',
      serviceAt('shop', [shop.endpoint]),
      opaqueSecret('users', { ann: hash }),
      ingress({ name: 'open', rules: [{ host: 'open.example', paths: [{ service: 'shop' }] }] }),
      ingress({
        name: 'closed',
        annotations: { 'auth-type': 'basic', 'auth-secret': 'users', 'auth-secret-type': 'auth-map' },
        rules: [{ host: 'closed.example', paths: [{ service: 'shop' }] }],
      }),
    )
  await write(COST_14)
  await gateway.start()
  const order: string[] = []
  const ask = async (host: string, ...lines: readonly string[]): Promise<number> => {
    const { status } = await gateway.get(host, '/', ...lines)
    order.push(`${host} ${String(status)}`)
    return status
  }
  const guess = ask('closed.example', authorization('ann:guess'))
  await ask('open.example')
  await ask('closed.example')
  await guess
  expect(order).toEqual(['open.example 200', 'closed.example 401', 'closed.example 401'])

  const knowsAnn = () => gateway.get('closed.example', '/', authorization('ann:secret'))
  expect((await knowsAnn()).status).toBe(200)
  await write('{PLAIN}another')
  await until('the other hash is served', async () => (await knowsAnn()).status === 401)
})
