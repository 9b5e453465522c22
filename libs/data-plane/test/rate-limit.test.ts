import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { RateLimitFilter } from '@postern/routing-table'
import { LeakyBuckets } from '../src/filters/leaky-buckets.ts'
import { planeWith, shopTable, type Plane } from './ask.ts'

const limit = (rest: Partial<RateLimitFilter>): RateLimitFilter => ({
  kind: 'rate-limit',
  zone: 'test/shop',
  exempt: [],
  status: 503,
  ...rest,
})

async function statuses(plane: Plane, count: number, remoteAddress = '192.0.2.1'): Promise<string> {
  const answers = []
  for (let i = 0; i < count; i++) answers.push((await plane.ask({ remoteAddress })).status)
  return answers.join(' ')
}

describe('rate-limit', () => {
  test('nginx’s arrival curve: burst + 1 at once, then one per interval', async () => {
    const plane = planeWith([limit({ requestsPerSecond: { rate: 10, burst: 2 } })])
    expect(await statuses(plane, 5)).toBe('200 200 200 503 503')
    plane.clock.ms += 100
    expect(await statuses(plane, 2)).toBe('200 503')
    plane.clock.ms += 10_000
    expect(await statuses(plane, 4)).toBe('200 200 200 503')
  })

  test('clients are counted apart, exempt ones not at all', async () => {
    const plane = planeWith([
      limit({ requestsPerSecond: { rate: 1, burst: 0 }, exempt: ['198.51.100.0/24'] }),
    ])
    expect(await statuses(plane, 2)).toBe('200 503')
    expect(await statuses(plane, 2, '192.0.2.2')).toBe('200 503')
    expect(await statuses(plane, 3, '198.51.100.7')).toBe('200 200 200')
  })

  test('per minute and the status that is asked for', async () => {
    const plane = planeWith([limit({ requestsPerMinute: { rate: 60, burst: 0 }, status: 429 })])
    expect(await statuses(plane, 2)).toBe('200 429')
    plane.clock.ms += 1_000
    expect(await statuses(plane, 2)).toBe('200 429')
  })

  test('concurrent requests: the place is given back when a request ends', async () => {
    const plane = planeWith([limit({ connections: 1 })])
    let release: (() => void) | undefined
    const { engine } = plane
    const relay = engine.relay.bind(engine)
    engine.relay = async (exchange, response) => {
      if (exchange.target === '/slow') await new Promise<void>((resolve) => (release = resolve))
      return relay(exchange, response)
    }
    const slow = plane.ask({ target: '/slow' })
    await new Promise((resolve) => setImmediate(resolve))
    expect((await plane.ask()).status).toBe(503)
    release?.()
    await slow
    expect((await plane.ask()).status).toBe(200)
  })

  test('the bucket outlives a new table with the same limit and goes with a changed one', async () => {
    const filter = limit({ requestsPerSecond: { rate: 1, burst: 0 } })
    const plane = planeWith([filter])
    expect(await statuses(plane, 1)).toBe('200')
    plane.dataPlane.replaceTable(shopTable([filter]))
    expect(await statuses(plane, 1)).toBe('503')
    plane.dataPlane.replaceTable(shopTable([{ ...filter, requestsPerSecond: { rate: 1, burst: 1 } }]))
    expect(await statuses(plane, 2)).toBe('200 200')
  })
})

test('twin: the bucket agrees with ngx_http_limit_req_lookup in whole thousandths', () => {
  const arrivals = fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 50 })
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 0, max: 10 }),
      arrivals,
      (rate, burst, gaps) => {
        const buckets = new LeakyBuckets([{ perSecond: rate, burst }])
        let [excess, last, now, known] = [0, 0, 5_000, false]
        for (const gap of gaps) {
          now += gap
          const next = known ? Math.max(0, excess - rate * (now - last) + 1_000) : 0
          const passes = next <= burst * 1_000
          if (passes) [excess, last, known] = [next, now, true]
          expect(buckets.allow('client', now)).toBe(passes)
        }
      },
    ),
    { numRuns: 200 },
  )
})

test('of more clients than are counted those that were quiet longest are forgotten, and nobody else', () => {
  const buckets = new LeakyBuckets([{ perSecond: 1, burst: 0 }])
  for (let client = 0; client < 81_000; client++) expect(buckets.allow(String(client), 0)).toBe(true)
  for (let client = 2_000; client < 81_000; client += 1_000)
    expect(buckets.allow(String(client), 0)).toBe(false)
  expect(buckets.allow('0', 0)).toBe(true)
})

test('limit-rate: the engine is told the rate of the route, and none where there is none', async () => {
  const rate = { bytesPerSecond: 1_024, afterBytes: 0 }
  const rates: unknown[] = []
  for (const plane of [planeWith([], { policy: { rate } }), planeWith([])]) {
    const { engine } = plane
    const relay = engine.relay.bind(engine)
    engine.relay = (exchange, response, given?: typeof rate) => {
      rates.push(given)
      return relay(exchange, response)
    }
    expect((await plane.ask()).status).toBe(200)
  }
  expect(rates).toEqual([rate, undefined])
})
