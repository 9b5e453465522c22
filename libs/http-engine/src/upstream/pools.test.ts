import { expect, test } from '@jest/globals'
import type { UpstreamRequest } from '@postern/exchange'
import type { UpstreamTls } from '@postern/routing-table'
import { engineSettings } from '../options.ts'
import { Deadlines } from '../wire/deadlines.ts'
import { Outbox } from '../wire/outbox.ts'
import { Pools } from './pools.ts'

const endpoint = { address: '127.0.0.1', port: 443 }

function to(tls: UpstreamTls | undefined): UpstreamRequest {
  return {
    ...{ endpoint, method: 'GET', target: '/', host: 'a', body: 'none', pipelining: 1 },
    ...{ maxResponseHeadBytes: 4096, timeouts: { connectMs: 1, readMs: 1, sendMs: 1 } },
    ...(tls !== undefined && { tls }),
  }
}

test('an endpoint that is asked under ever new names keeps no pool for each of them', () => {
  const settings = engineSettings({})
  const shared = { settings, deadlines: new Deadlines(() => 0), buffers: undefined, outbox: new Outbox() }
  const pools = new Pools(shared)
  const named = (serverName: string): UpstreamRequest => to({ verify: true, serverName })
  const plain = pools.get(to(undefined))
  const first = named('first')
  const pool = pools.get(first)
  expect(pools.get(first)).toBe(pool)
  for (let i = 0; i < 200; i++) pools.get(named(`other-${String(i)}`))
  expect(pools.get(first)).not.toBe(pool)
  expect(pools.get(to(undefined))).toBe(plain)
})
