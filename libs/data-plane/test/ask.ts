import type { Filter, PathMatch, RoutingTable, UpstreamPolicy } from '@postern/routing-table'
import { FakeEngine, fakeExchange, type FakeAnswer, type FakeRequest } from '@postern/testing/fake-engine'
import { backendAt, hostWith, routeTo, tableOf } from '@postern/testing/table-builder'
import {
  createDataPlane,
  type AccessEntry,
  type Clock,
  type DataPlane,
  type DataPlaneOptions,
} from '../src/index.ts'

/** A clock that a test sets. */
export class FakeClock implements Clock {
  ms = 1_000_000

  now(): number {
    return this.ms
  }

  date(): Date {
    return new Date(Date.UTC(2026, 0, 1) + this.ms)
  }
}

/** A data plane over the fake engine, asked without sockets. */
export class Plane {
  readonly engine = new FakeEngine()
  readonly clock = new FakeClock()
  readonly log: AccessEntry[] = []
  readonly warnings: string[] = []
  readonly names = new Map<string, readonly string[]>()
  readonly dataPlane: DataPlane

  constructor(table: RoutingTable, more: Pick<DataPlaneOptions, 'verifySlowHash'> = {}) {
    this.dataPlane = createDataPlane({
      engine: this.engine,
      clock: this.clock,
      logAccess: (entry) => this.log.push(entry),
      warn: (message) => this.warnings.push(message),
      lookup: (name) => Promise.resolve(this.names.get(name) ?? ['192.0.2.53']),
      ...more,
    })
    this.dataPlane.replaceTable(table)
  }

  async ask(request: FakeRequest = {}): Promise<FakeAnswer> {
    const exchange = fakeExchange(request)
    await this.dataPlane.serve(exchange)
    return this.engine.answerTo(exchange)
  }

  /** The last request that an upstream got. */
  get lastSent(): FakeEngine['sent'][number] {
    const sent = this.engine.sent.at(-1)
    if (sent === undefined) throw new Error('nothing was sent upstream')
    return sent
  }
}

export interface ShopOptions {
  readonly path?: PathMatch
  readonly policy?: Partial<UpstreamPolicy>
  readonly settings?: Partial<RoutingTable['settings']>
  readonly verifySlowHash?: DataPlaneOptions['verifySlowHash']
}

export const SHOP_ENDPOINT = { address: '192.0.2.10', port: 8080 }

/** A plane with one host, `shop.example`, and one route with these filters. */
export function planeWith(filters: readonly Filter[], options: ShopOptions = {}): Plane {
  const { verifySlowHash } = options
  return new Plane(shopTable(filters, options), verifySlowHash && { verifySlowHash })
}

export function shopTable(
  filters: readonly Filter[],
  { path, policy, settings }: ShopOptions = {},
): RoutingTable {
  const route = routeTo('test/shop/80', { filters, ...(path && { path }), ...(policy && { policy }) })
  return tableOf({
    hosts: [hostWith('shop.example', [route])],
    backends: [backendAt('test/shop/80', [SHOP_ENDPOINT])],
    ...(settings && { settings }),
  })
}

/** Text without holes. */
export function text(value: string): readonly [{ readonly kind: 'text'; readonly text: string }] {
  return [{ kind: 'text', text: value }]
}
