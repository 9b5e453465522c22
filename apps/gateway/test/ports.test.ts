import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { freePorts } from '../src/workers/free-ports.ts'
import { GatewayFixture } from './gateway-fixture.ts'

let squatter: Server
let taken: { host: string; port: number }
beforeEach(async () => {
  squatter = createServer().listen(0, '127.0.0.1')
  await once(squatter, 'listening')
  taken = { host: '127.0.0.1', port: (squatter.address() as AddressInfo).port }
})
afterEach(() => void squatter.close())

test.each(['http', 'https', 'admin'] as const)('a port in use is named: --%s', async (which) => {
  await using gateway = await GatewayFixture.make()
  await expect(gateway.start({ [which]: taken })).rejects.toThrow(
    `127.0.0.1:${String(taken.port)} is in use by another process`,
  )
})

test('several workers would share a port that is taken: it is refused before they start', async () => {
  await expect(freePorts(undefined, taken)).rejects.toThrow(`127.0.0.1:${String(taken.port)} is in use`)
})

test('nor may two listeners of theirs have one port', async () => {
  const any = { host: '127.0.0.1', port: 0 }
  const [http, none, https] = await freePorts(any, undefined, any)
  expect(none).toBeUndefined()
  expect(http?.port).toBeGreaterThan(0)
  expect(https?.port).not.toBe(http?.port)
  await expect(freePorts(http, http)).rejects.toThrow(`127.0.0.1:${String(http?.port)} is in use`)
})
