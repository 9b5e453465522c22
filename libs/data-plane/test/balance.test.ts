import { describe, expect, test } from '@jest/globals'
import type { Backend, CookieAffinity, Route } from '@postern/routing-table'
import { backendAt, hostWith, routeTo, tableOf } from '@postern/testing/table-builder'
import { ewma } from '../src/balance/ewma.ts'
import { HashRing } from '../src/balance/hash-ring.ts'
import type { Journey } from '../src/journey.ts'
import { FakeClock, Plane } from './ask.ts'

const endpoints = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ address: `192.0.2.${String(i + 1)}`, port: 80 }))
const table = (count: number, options: Partial<Backend>) =>
  tableOf({
    hosts: [hostWith('shop.example', [routeTo('test/shop/80')])],
    backends: [backendAt('test/shop/80', endpoints(count), options)],
  })
const addressOf = async (
  plane: Plane,
  headers: readonly (readonly [string, string])[] = [],
): Promise<string> => {
  await plane.ask({ headers })
  return plane.lastSent.request.endpoint.address
}

test('round robin meets every endpoint equally, and goes on where it was after a new table', async () => {
  const plane = new Plane(table(3, {}))
  const seen: string[] = []
  for (let i = 0; i < 9; i++) {
    seen.push(await addressOf(plane))
    plane.dataPlane.replaceTable(table(3, {}))
  }
  expect(seen.toSorted()).toEqual(
    ['192.0.2.1', '192.0.2.2', '192.0.2.3'].flatMap((address) => [address, address, address]),
  )
})

test('ewma prefers the endpoint that answers faster', () => {
  const clock = new FakeClock()
  const balancer = ewma(clock, () => 0)
  const [fast, slow] = endpoints(2) as [{ address: string; port: number }, { address: string; port: number }]
  balancer.observe?.(slow, 500)
  balancer.observe?.(fast, 5)
  // The fake random offers the first two of the list each time.
  expect(balancer.pick([slow, fast], {} as Journey, [])).toBe(fast)
  clock.ms += 100_000
  balancer.observe?.(fast, 900)
  expect(balancer.pick([slow, fast], {} as Journey, [])).toBe(slow)
})

test('ewma tries an endpoint that was never met, though a slow one was met first', () => {
  const clock = new FakeClock()
  const order = [0, 0.9]
  const balancer = ewma(clock, () => order[0] ?? 0)
  const [slow, fresh] = endpoints(2) as [{ address: string; port: number }, { address: string; port: number }]
  balancer.observe?.(slow, 500)
  clock.ms += 100
  const met = [0, 0.9].map((first) => {
    order[0] = first
    return balancer.pick([slow, fresh], {} as Journey, [])
  })
  expect(met).toContain(fresh)
})

describe('consistent hash', () => {
  const byUser = {
    balance: {
      kind: 'hash' as const,
      key: [{ kind: 'variable' as const, name: 'http_x_user' as const }],
      subset: 0,
    },
  }
  const user = (name: number) => [['X-User', `user-${String(name)}`]] as const
  test('the same key meets the same endpoint; a new endpoint moves only its share', async () => {
    const before = new Plane(table(4, byUser))
    const after = new Plane(table(5, byUser))
    let moved = 0
    for (let i = 0; i < 200; i++) {
      const first = await addressOf(before, user(i))
      expect(await addressOf(before, user(i))).toBe(first)
      const second = await addressOf(after, user(i))
      if (second !== first) {
        moved += 1
        expect(second).toBe('192.0.2.5')
      }
    }
    expect(moved).toBeGreaterThan(10)
    expect(moved).toBeLessThan(80)
  })
  test('a subset spreads each key over that many', async () => {
    const plane = new Plane(table(9, { balance: { ...byUser.balance, subset: 3 } }))
    const seen = new Set<string>()
    for (let i = 0; i < 100; i++) seen.add(await addressOf(plane, user(1)))
    expect(seen.size).toBe(3)
  })
  test('the ring spreads keys over all', () => {
    const ring = new HashRing(endpoints(10).map(({ address }) => [address, address] as const))
    const counts = new Map<string, number>()
    for (let i = 0; i < 10_000; i++)
      counts.set(ring.find(`key-${String(i)}`)!, (counts.get(ring.find(`key-${String(i)}`)!) ?? 0) + 1)
    expect(counts.size).toBe(10)
    expect(Math.min(...counts.values())).toBeGreaterThan(500)
  })
})

describe('cookie affinity', () => {
  const affinity: CookieAffinity = {
    name: 'STICK',
    mode: 'balanced',
    conditionalSameSiteNone: false,
    secure: false,
    changeOnFailure: false,
  }
  test.each(['balanced', 'persistent'] as const)(
    '%s: a client comes back to its endpoint, also after a new table',
    async (mode) => {
      const options = { affinity: { ...affinity, mode } }
      const plane = new Plane(table(5, options))
      const first = await plane.ask()
      const cookie = first.get('set-cookie')!
      expect(cookie).toMatch(/^STICK=[0-9a-f]{32}\|[0-9a-f]{32}; Path=\/; HttpOnly$/)
      const home = plane.lastSent.request.endpoint.address
      for (let i = 0; i < 5; i++) {
        plane.dataPlane.replaceTable(table(5, options))
        const again = await plane.ask({ headers: [['Cookie', cookie.split(';')[0]!]] })
        expect(again.get('set-cookie')).toBeUndefined()
        expect(plane.lastSent.request.endpoint.address).toBe(home)
      }
    },
  )
  test('the attributes that are asked for', async () => {
    const options = {
      affinity: {
        ...affinity,
        path: '/shop',
        domain: 'example',
        sameSite: 'None' as const,
        maxAgeS: 60,
        expiresS: 60,
      },
    }
    const plane = new Plane(table(1, options))
    const cookie = (await plane.ask({ scheme: 'https' })).get('set-cookie')
    expect(cookie).toMatch(
      /; Expires=.* GMT; Max-Age=60; Domain=example; Path=\/shop; Secure; HttpOnly; SameSite=None$/,
    )
  })
  test('conditional SameSite=None is left out for browsers that misread it', async () => {
    const options = { affinity: { ...affinity, sameSite: 'None' as const, conditionalSameSiteNone: true } }
    const plane = new Plane(table(1, options))
    const old = 'Mozilla/5.0 (iPhone; CPU iPhone OS 12_4 like Mac OS X) AppleWebKit/605.1.15'
    expect((await plane.ask({ headers: [['User-Agent', old]] })).get('set-cookie')).not.toContain('SameSite')
    expect((await plane.ask()).get('set-cookie')).toContain('SameSite=None')
    // Nobody may make the gateway look through kilobytes.
    const long = [['User-Agent', 'x'.repeat(512) + old]] as const
    expect((await plane.ask({ headers: long })).get('set-cookie')).toContain('SameSite=None')
  })
  test('a route that only follows the cookie sets none', async () => {
    const plane = new Plane(table(5, { affinity }))
    const cookie = (await plane.ask()).get('set-cookie')!.split(';')[0]!
    const home = plane.lastSent.request.endpoint.address
    const route = routeTo('test/shop/80')
    const following = { ...route, target: { ...route.target, affinityCookie: 'followed' as const } } as Route
    plane.dataPlane.replaceTable({
      ...table(5, { affinity }),
      hosts: [hostWith('shop.example', [following])],
    })
    expect((await plane.ask()).get('set-cookie')).toBeUndefined()
    for (let i = 0; i < 5; i++) {
      await plane.ask({ headers: [['Cookie', cookie]] })
      expect(plane.lastSent.request.endpoint.address).toBe(home)
    }
  })
  test('a cookie of another backend, or nonsense, is replaced', async () => {
    const plane = new Plane(table(3, { affinity }))
    for (const value of ['abc|def', 'nonsense', '|']) {
      expect((await plane.ask({ headers: [['Cookie', `STICK=${value}`]] })).get('set-cookie')).toMatch(
        /^STICK=/,
      )
    }
  })
})
