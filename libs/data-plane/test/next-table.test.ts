import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  type Backend,
  type BackendId,
  type Canary,
  type CookieAffinity,
  type RouteId,
  type VirtualHost,
} from '@postern/routing-table'
import { FakeEngine } from '@postern/testing/fake-engine'
import { backendAt, hostWith, routeTo, tableOf } from '@postern/testing/table-builder'
import { createPreparer } from '../src/prepare.ts'
import { createResolver } from '../src/runtime/resolver.ts'
import { Runtime } from '../src/runtime/runtime.ts'
import { FakeClock } from './ask.ts'

// Whatever came before, a table must mean the same as to somebody who never saw another one.

const NAMES = ['a.example', 'b.example', '*.example', '*'] as const
const ORIGIN = { kind: 'Ingress', namespace: 'test', name: 'shop' }
const CANARY: Canary = {
  ...{ backend: 'test/b/80' as BackendId, weight: 50, weightTotal: 100, affinity: 'sticky', origin: ORIGIN },
}
const AFFINITY: CookieAffinity = {
  ...{
    name: 'route',
    mode: 'balanced',
    conditionalSameSiteNone: false,
    secure: false,
    changeOnFailure: false,
  },
}

const hostsOf = NAMES.flatMap((name) =>
  [0, 1, 2].map((variant): VirtualHost => {
    const options = variant === 1 ? { canary: CANARY } : {}
    const route = {
      ...routeTo('test/a/80', options),
      id: `test/${variant === 2 ? 'shared' : name}/${String(variant)}` as RouteId,
    }
    return hostWith(name, [route], variant === 2 ? { defaultRoute: route } : {})
  }),
)
const backendsOf = ['a', 'b'].flatMap((name) =>
  [{}, { affinity: AFFINITY }, { dns: { name: 'shop.internal', port: 80 }, endpoints: [] }].map(
    (options, variant): Backend =>
      backendAt(`test/${name}/80`, [{ address: '10.0.0.1', port: 8080 + (variant & 1) }], options),
  ),
)
const table = fc
  .record({
    hosts: fc.uniqueArray(fc.constantFrom(...hostsOf), { selector: ({ host }) => host }),
    backends: fc.uniqueArray(fc.constantFrom(...backendsOf), { selector: ({ id }) => id }),
  })
  .map((parts) => tableOf(parts))
const tables = fc.array(table, { minLength: 2, maxLength: 6 })

function preparer() {
  const clock = new FakeClock()
  return createPreparer({
    ...{ clock, runtime: new Runtime(), engine: new FakeEngine(), warn: () => undefined },
    resolver: createResolver(clock, () => Promise.resolve([])),
  })
}

describe('after any tables', () => {
  test('the prepared form has the hosts, routes and backends of the last', () => {
    fc.assert(
      fc.property(tables, (all) => {
        const prepare = preparer()
        for (const each of all) {
          const [after, fresh] = [prepare(each), preparer()(each)]
          const view = ({ exactHosts, wildcardHosts, anyHost, backends }: typeof after) => ({
            exact: new Map([...exactHosts].map(([name, host]) => [name, host.match('/')?.route])),
            wildcard: new Map([...wildcardHosts].map(([name, host]) => [name, host.match('/')?.route])),
            any: anyHost?.match('/')?.route,
            backends: new Map([...backends].map(([id, { backend }]) => [id, backend])),
          })
          expect(view(after)).toEqual(view(fresh))
          expect(after.table).toBe(each)
        }
      }),
    )
  })
})

describe('what did not change is not prepared again', () => {
  const [plain, , follows] = [hostsOf[0]!, hostsOf[1]!, hostsOf[4]!]
  const [bare, sticky] = [backendsOf[0]!, backendsOf[1]!]

  test('a host keeps its prepared form beside one that comes', () => {
    const prepare = preparer()
    const first = prepare(tableOf({ hosts: [plain], backends: [bare] }))
    const second = prepare(tableOf({ hosts: [plain, follows], backends: [bare] }))
    expect(second.exactHosts.get('a.example')).toBe(first.exactHosts.get('a.example'))
    expect(second.backends).toBe(first.backends)
    expect(first.exactHosts.size).toBe(1)
  })

  test('a canary follows the affinity of its backend, hosts without one do not', () => {
    const prepare = preparer()
    const first = prepare(tableOf({ hosts: [plain, follows], backends: [bare] }))
    const second = prepare(tableOf({ hosts: [plain, follows], backends: [sticky] }))
    expect(second.exactHosts.get('a.example')).toBe(first.exactHosts.get('a.example'))
    expect(second.exactHosts.get('b.example')).not.toBe(first.exactHosts.get('b.example'))
  })
})
