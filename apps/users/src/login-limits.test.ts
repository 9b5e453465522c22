import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { fastify, type FastifyInstance } from 'fastify'
import { limitLogins } from './login-limits.ts'

let app: FastifyInstance

beforeEach(async () => {
  app = fastify()
  const checkLimits = await limitLogins(app, {
    redisUrl: undefined,
    loginLimits: { perAddress: 3, perAccount: 100 },
  })
  app.post('/login', async (request) => {
    await checkLimits(request, 'somebody@test.com')
    return {}
  })
})
afterEach(() => app.close())

const statusFrom = async (remoteAddress: string) =>
  (await app.inject({ method: 'POST', url: '/login', remoteAddress })).statusCode

test.each([
  ['of one IPv6 network', ['2001:db8::1', '2001:db8::2', '2001:db8:0:0:ffff::3', '2001:db8::4'], 429],
  ['of four IPv6 networks', ['2001:db8::1', '2001:db8:0:1::1', '2001:db8:0:2::1', '2001:db8:0:3::1'], 200],
  ['of one client by IPv4 and mapped', ['192.0.2.1', '::ffff:192.0.2.1', '192.0.2.1', '192.0.2.1'], 429],
  ['of four IPv4 clients', ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'], 200],
])('W27 after three log-ins the fourth %s is answered', async (_whose, addresses, status) => {
  const statuses: number[] = []
  for (const address of addresses) statuses.push(await statusFrom(address))
  expect(statuses).toEqual([200, 200, 200, status])
})
