import { describe, expect, test } from '@jest/globals'
import type { PathMatch } from '@postern/routing-table'
import { backendAt, hostWith, routeTo, tableOf } from '@postern/testing/table-builder'
import { Plane, SHOP_ENDPOINT } from './ask.ts'

/** A host of its own, and rules without a host for these paths. */
function planeWith(paths: readonly PathMatch[], probePath?: string): Plane {
  const hosts = [hostWith('shop.example', [routeTo('test/shop/80')])]
  const any = hostWith(
    '*',
    paths.map((path) => routeTo('test/shop/80', { path })),
  )
  return new Plane(
    tableOf({
      hosts: paths.length === 0 ? hosts : [...hosts, any],
      backends: [backendAt('test/shop/80', [SHOP_ENDPOINT])],
      settings: { ...(probePath !== undefined && { probePath }) },
    }),
  )
}

const PROBE = '/healthz'
const regex = (value: string): PathMatch => ({ kind: 'regex', value, ignoreCase: true })

describe('probes of whoever balances over gateways', () => {
  test.each<[string, readonly PathMatch[], string, number, number]>([
    ['no rule without a host', [], PROBE, 200, 0],
    ['below it', [], '/healthz/ready', 200, 0],
    ['beside it', [], '/health', 404, 0],
    ['a shorter prefix', [{ kind: 'prefix', value: '/' }], PROBE, 200, 0],
    ['the path itself', [{ kind: 'exact', value: PROBE }], PROBE, 200, 1],
    ['the same prefix', [{ kind: 'prefix', value: PROBE }], '/healthz/ready', 200, 1],
    ['a longer prefix, beside it', [{ kind: 'prefix', value: '/healthz/ready' }], PROBE, 200, 0],
    ['a regular expression', [regex('^/')], PROBE, 200, 1],
  ])('%s', async (_, paths, target, status, forwarded) => {
    const plane = planeWith(paths, PROBE)
    const { status: answered } = await plane.ask({ host: '192.0.2.7', target })
    expect([answered, plane.engine.sent.length]).toEqual([status, forwarded])
  })
  test('a host that rules name has no probe path', async () => {
    const plane = planeWith([], PROBE)
    await plane.ask({ target: PROBE })
    expect(plane.engine.sent).toHaveLength(1)
  })
  test('without the setting there is none', async () => {
    expect((await planeWith([]).ask({ host: '192.0.2.7', target: PROBE })).status).toBe(404)
  })
  test('they have no body and no line in the log, and are counted', async () => {
    const plane = planeWith([], PROBE)
    const answer = await plane.ask({ host: '192.0.2.7', target: PROBE })
    expect([answer.body, plane.log]).toEqual(['', []])
    expect(plane.dataPlane.metricsText()).toContain('route="probe"')
  })
})
