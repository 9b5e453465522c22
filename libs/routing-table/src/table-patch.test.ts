import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Backend, BackendId } from './backend.ts'
import type { Certificate, CertificateId } from './certificate.ts'
import { emptyTable, NOT_FOUND_ROUTE } from './empty-table.ts'
import type { HostPattern } from './host.ts'
import { Redacted } from './redacted.ts'
import type { Revision, RoutingTable, VirtualHost } from './routing-table.ts'
import { sameValue } from './same-value.ts'
import { applyPatch, diffTables } from './table-patch.ts'

const origin = { kind: 'Ingress', namespace: 'shop', name: 'shop' }
const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
const word = fc.constantFrom('x', 'y')

const host = fc.record({ name, word, count: fc.nat(2) }).map((drawn): VirtualHost => ({
  host: `${drawn.name}.example` as HostPattern,
  routes: Array.from({ length: drawn.count }, () => ({
    ...NOT_FOUND_ROUTE,
    path: { kind: 'prefix', value: `/${drawn.word}` },
  })),
}))
const backend = fc.record({ name, port: fc.constantFrom(80, 81) }).map((drawn): Backend => ({
  id: `shop/${drawn.name}/80` as BackendId,
  endpoints: [{ address: '10.0.0.1', port: drawn.port }],
  balance: { kind: 'round-robin' },
  origin,
}))
const certificate = fc.record({ name, word }).map((drawn): Certificate => ({
  ...{ id: `shop/${drawn.name}` as CertificateId, certPem: 'pem', keyPem: new Redacted(drawn.word) },
  ...{ fingerprint: '00', names: [], notBefore: '', notAfter: '', origin },
}))
const table = fc
  .record({
    revision: fc.nat().map((n) => n as Revision),
    hosts: fc.uniqueArray(host, { selector: (item) => item.host }),
    backends: fc.uniqueArray(backend, { selector: (item) => item.id }),
    certificates: fc.uniqueArray(certificate, { selector: (item) => item.id }),
    fallback: fc.option(name, { nil: undefined }),
    redirect: fc.constantFrom(443, 8443),
    status: fc.constantFrom(404, 503),
  })
  .map(({ fallback, redirect, status, ...lists }): RoutingTable => ({
    ...lists,
    ...(fallback !== undefined && { fallbackCertificate: `shop/${fallback}` as CertificateId }),
    defaultRoute: { ...NOT_FOUND_ROUTE, target: { kind: 'fixed', status, reason: 'none' } },
    settings: { ...emptyTable.settings, httpsRedirectPort: redirect },
  }))

describe('for any two tables', () => {
  test('the patch makes the second of the first', () => {
    fc.assert(
      fc.property(table, table, (before, after) => {
        expect(sameValue(applyPatch(before, diffTables(before, after)), after)).toBe(true)
      }),
    )
  })

  test('what says the same keeps its identity, in whatever place', () => {
    fc.assert(
      fc.property(table, table, (before, after) => {
        const patched = applyPatch(before, diffTables(before, after))
        for (const list of ['hosts', 'backends', 'certificates'] as const) {
          for (const item of patched[list]) {
            const equal = (before[list] as readonly object[]).find((known) => sameValue(known, item))
            if (equal !== undefined) expect(item).toBe(equal)
          }
        }
        if (sameValue(before.settings, after.settings)) expect(patched.settings).toBe(before.settings)
        if (sameValue(before.defaultRoute, after.defaultRoute))
          expect(patched.defaultRoute).toBe(before.defaultRoute)
      }),
    )
  })

  test('a table that says the same gives a patch that gives nothing', () => {
    fc.assert(
      fc.property(table, (before) => {
        const patched = applyPatch(before, diffTables(before, structuredCloneOf(before)))
        expect(patched.hosts).toBe(before.hosts)
        expect(patched.backends).toBe(before.backends)
        expect(patched.certificates).toBe(before.certificates)
      }),
    )
  })
})

test('one host among many is one run between two', () => {
  const hosts = Array.from({ length: 100 }, (_, i): VirtualHost => ({
    host: `${String(i)}.example` as HostPattern,
    routes: [],
  }))
  const added: VirtualHost = { host: 'added.example' as HostPattern, routes: [] }
  const after = { ...emptyTable, hosts: hosts.toSpliced(50, 0, added), revision: 1 as Revision }
  expect(diffTables({ ...emptyTable, hosts }, after).hosts).toEqual([
    { kind: 'kept', from: 0, count: 50 },
    { kind: 'given', items: [added] },
    { kind: 'kept', from: 50, count: 50 },
  ])
})

test('a secret that changed behind the same words is a change', () => {
  const [a, b] = ['one', 'two'].map((key) => new Redacted(key))
  expect(sameValue({ key: a }, { key: b })).toBe(false)
  expect(sameValue(new Redacted(new Map([['u', 'h']])), new Redacted(new Map([['u', 'i']])))).toBe(false)
  expect(sameValue(new Redacted(new Map([['u', 'h']])), new Redacted(new Map([['u', 'h']])))).toBe(true)
})

test('a patch for another revision is refused', () => {
  const next = { ...emptyTable, revision: 1 as Revision }
  expect(() => applyPatch(next, diffTables(emptyTable, next))).toThrow(
    /revision 0 met revision 1.*start again/,
  )
})

/** Equal to the table and identical to it nowhere, secrets apart. */
function structuredCloneOf(original: RoutingTable): RoutingTable {
  return {
    ...structuredClone({ ...original, certificates: [] }),
    certificates: original.certificates.map((known) => ({
      ...known,
      keyPem: new Redacted(known.keyPem.reveal()),
    })),
  }
}
