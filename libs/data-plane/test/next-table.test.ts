import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  Redacted,
  type Backend,
  type BackendId,
  type Canary,
  type Certificate,
  type CertificateId,
  type CookieAffinity,
  type RouteId,
  type RoutingTable,
  type VirtualHost,
} from '@postern/routing-table'
import { FakeEngine } from '@postern/testing/fake-engine'
import { backendAt, hostWith, routeTo, tableOf } from '@postern/testing/table-builder'
import { TlsSelection } from '../src/listener/tls-selection.ts'
import { PasswordChecks } from '../src/passwords/password-checks.ts'
import { verifySlowHash } from '../src/passwords/slow-hash.ts'
import type { PreparedHost, PreparedTable } from '../src/prepared.ts'
import { createPreparer } from '../src/prepare.ts'
import { createResolver } from '../src/runtime/resolver.ts'
import { Runtime } from '../src/runtime/runtime.ts'
import { FakeClock } from './ask.ts'

// Whatever came before, a table must mean the same as to somebody who never saw another one.

const NAMES = ['a.example', 'b.example', '*.example', '*'] as const
const ORIGIN = { kind: 'Secret', namespace: 'test', name: 'tls' }
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
    const tls = { certificate: `test/${variant === 0 ? 'one' : 'two'}` as CertificateId }
    return hostWith(name, [route], variant === 2 ? { defaultRoute: route } : { tls })
  }),
)
const backendsOf = ['a', 'b'].flatMap((name) =>
  [{}, { affinity: AFFINITY }, { dns: { name: 'shop.internal', port: 80 }, endpoints: [] }].map(
    (options, variant): Backend =>
      backendAt(`test/${name}/80`, [{ address: '10.0.0.1', port: 8080 + (variant & 1) }], options),
  ),
)
const certificatesOf = ['one', 'two'].flatMap((name) =>
  ['k', 'l'].map((key): Certificate => ({
    ...{ id: `test/${name}` as CertificateId, certPem: 'pem', keyPem: new Redacted(key), fingerprint: 'AA' },
    ...{ names: [], notBefore: '', notAfter: '', origin: ORIGIN },
  })),
)
const table = fc
  .record({
    hosts: fc.uniqueArray(fc.constantFrom(...hostsOf), { selector: ({ host }) => host }),
    backends: fc.uniqueArray(fc.constantFrom(...backendsOf), { selector: ({ id }) => id }),
    certificates: fc.uniqueArray(fc.constantFrom(...certificatesOf), { selector: ({ id }) => id }),
    hasFallback: fc.boolean(),
  })
  .map(({ hasFallback, ...parts }): RoutingTable =>
    tableOf({ ...parts, ...(hasFallback && { rest: { fallbackCertificate: 'test/one' as CertificateId } }) }),
  )
const tables = fc.array(table, { minLength: 2, maxLength: 6 })

function preparer() {
  const clock = new FakeClock()
  const { next, usesEndpoint } = createPreparer({
    ...{ clock, runtime: new Runtime(), engine: new FakeEngine(), warn: () => undefined },
    resolver: createResolver(clock, () => Promise.resolve([])),
    passwords: new PasswordChecks(verifySlowHash, clock),
  })
  return { next: (table: RoutingTable) => next(table).prepared, turn: next, usesEndpoint }
}

function view({ exactHosts, wildcardHosts, anyHost, backends }: PreparedTable) {
  const routeOf = (host: PreparedHost | undefined) => host?.match('/')?.route
  return {
    exact: ['a.example', 'b.example', 'c.example'].map((name) => routeOf(exactHosts.get(name))),
    wildcard: [wildcardHosts.size, routeOf(wildcardHosts.get('*.example'))],
    any: routeOf(anyHost),
    backends: ['a', 'b', 'c'].map((name) => backends.get(`test/${name}/80` as BackendId)?.backend),
  }
}

describe('after any tables', () => {
  test('the prepared form has the hosts, routes and backends of the last', () => {
    fc.assert(
      fc.property(tables, (all) => {
        const prepare = preparer()
        const kept: (readonly [PreparedTable, ReturnType<typeof view>])[] = []
        for (const each of all) {
          const [after, fresh] = [prepare.next(each), preparer().next(each)]
          expect(view(after)).toEqual(view(fresh))
          expect(after.table).toBe(each)
          kept.push([after, view(after)])
        }
        for (const [before, seen] of kept) expect(view(before)).toEqual(seen)
      }),
    )
  })
})

test('after any tables certificates are chosen as by the last alone', () => {
  fc.assert(
    fc.property(tables, (all) => {
      const selection = new TlsSelection()
      for (const each of all) {
        selection.replace(each)
        const fresh = new TlsSelection()
        fresh.replace(each)
        for (const name of [...NAMES, 'c.example', 'elsewhere', undefined]) {
          const [chosen, expected] = [selection.select(name), fresh.select(name)]
          expect(chosen?.certificate).toBe(expected?.certificate)
          expect(chosen?.clientAuth).toEqual(expected?.clientAuth)
        }
      }
    }),
  )
})

test('endpoints are in use once a request asked for their backend, until the last of these is gone', () => {
  const { next, turn, usesEndpoint } = preparer()
  const [bare, , named] = backendsOf as [Backend, Backend, Backend]
  const other = { ...bare, id: 'test/c/80' as BackendId }
  const first = next(tableOf({ hosts: [], backends: [bare, other] }))
  expect(usesEndpoint('10.0.0.1', 8080)).toBe(false)
  first.backends.get(bare.id)
  expect(usesEndpoint('10.0.0.1', 8080)).toBe(true)
  expect(turn(tableOf({ hosts: [], backends: [bare] })).lostEndpoints).toBe(false)
  // A backend that says something else is still the one that was asked for.
  const more = { ...bare, endpoints: [...bare.endpoints, { address: '10.0.0.9', port: 8080 }] }
  expect(turn(tableOf({ hosts: [], backends: [more] })).lostEndpoints).toBe(true)
  expect(usesEndpoint('10.0.0.1', 8080)).toBe(true)
  // Whose addresses are not in the table.
  expect(turn(tableOf({ hosts: [], backends: [named] })).lostEndpoints).toBe(true)
  expect(usesEndpoint('10.0.0.1', 8080)).toBe(true)
  expect(turn(tableOf({ hosts: [], backends: [] })).lostEndpoints).toBe(true)
  expect(usesEndpoint('10.0.0.1', 8080)).toBe(false)
  // A request that began before still finds what it needs, and leaves nothing behind.
  expect(first.backends.get(other.id)?.backend).toEqual(other)
  expect(usesEndpoint('10.0.0.1', 8080)).toBe(false)
})

describe('what did not change is not prepared again', () => {
  const [plain, , follows] = [hostsOf[0]!, hostsOf[1]!, hostsOf[4]!]
  const [bare, sticky] = [backendsOf[0]!, backendsOf[1]!]

  test('a host keeps its prepared form beside one that comes', () => {
    const prepare = preparer()
    const first = prepare.next(tableOf({ hosts: [plain], backends: [bare] }))
    const second = prepare.next(tableOf({ hosts: [plain, follows], backends: [bare] }))
    expect(second.exactHosts.get('a.example')).toBe(first.exactHosts.get('a.example'))
    const id = bare.id
    expect(second.backends.get(id)).toBe(first.backends.get(id))
    expect(first.exactHosts.get('b.example')).toBeUndefined()
  })

  test('a canary follows the affinity of its backend, hosts without one do not', () => {
    const prepare = preparer()
    const first = prepare.next(tableOf({ hosts: [plain, follows], backends: [bare] }))
    const [a, b] = ['a.example', 'b.example'].map((name) => first.exactHosts.get(name))
    const second = prepare.next(tableOf({ hosts: [plain, follows], backends: [sticky] }))
    expect(second.exactHosts.get('a.example')).toBe(a)
    expect(second.exactHosts.get('b.example')).not.toBe(b)
  })

  test('an identity of TLS stays the same object beside another certificate', () => {
    const selection = new TlsSelection()
    const [one, , two] = certificatesOf
    selection.replace(tableOf({ hosts: [plain], certificates: [one!] }))
    const before = selection.select('a.example')
    selection.replace(tableOf({ hosts: [plain, follows], certificates: [{ ...one! }, two!] }))
    expect(selection.select('a.example')).toBe(before)
  })
})
