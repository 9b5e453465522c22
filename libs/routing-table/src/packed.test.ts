import { expect, test } from '@jest/globals'
import { inspect } from 'node:util'
import { pack, unpack } from './packed.ts'
import { Redacted } from './redacted.ts'
import { sameValue } from './same-value.ts'

const across = <T>(value: T): T => unpack(structuredClone(pack(value)))

test('a value with secrets arrives as it was, secrets hidden again', () => {
  const table = {
    certificates: [{ id: 'a', keyPem: new Redacted('key') }],
    hosts: [{ routes: [{ users: new Redacted(new Map([['ada', '$apr1$x']])), path: '/' }] }],
    nothing: undefined,
  }
  const arrived = across(table)
  expect(sameValue(arrived, table)).toBe(true)
  expect(arrived.certificates[0]?.keyPem.reveal()).toBe('key')
  expect(inspect(arrived, { depth: 9 })).not.toMatch(/key'|apr1/)
  expect(JSON.stringify(arrived)).not.toMatch(/apr1/)
})

test('it arrives frozen to its leaves', () => {
  const arrived = across({ hosts: [{ routes: [{ id: 'a' }] }] })
  expect(Object.isFrozen(arrived.hosts[0]?.routes[0])).toBe(true)
  expect(Object.isFrozen(arrived.hosts)).toBe(true)
})

test('parts without secrets are not copied on the way out', () => {
  const plain = { routes: [1, 2] }
  const { parts } = pack({ plain, secret: new Redacted('s') }) as unknown as { parts: { plain: object } }
  expect(parts.plain).toBe(plain)
})

test('what is packed stays what it was', () => {
  const original = { key: new Redacted('k') }
  pack(original)
  expect(original.key.reveal()).toBe('k')
})
