import { describe, expect, test } from '@jest/globals'
import { duration, listenAddress, namespacedName, serviceMapping, wholeNumber } from './flags.ts'
import { formatAddress } from './listen-address.ts'

describe('listenAddress', () => {
  test.each([
    ['8080', { host: '127.0.0.1', port: 8080 }],
    ['0.0.0.0:80', { host: '0.0.0.0', port: 80 }],
    ['[::1]:443', { host: '::1', port: 443 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['off', 'off'],
  ])('%s', (text, expected) => {
    expect(listenAddress(text)).toEqual(expected)
  })

  test.each(['', ':80', '65536', 'a:b', '::1:80', '80x', '-1'])(
    'refuses %j and says what is expected',
    (text) => {
      expect(() => listenAddress(text)).toThrow(/expected \[host:\]port/)
    },
  )

  test('is printed so that it can be pasted', () => {
    expect(formatAddress({ host: '::1', port: 443 })).toBe('[::1]:443')
  })
})

describe('serviceMapping', () => {
  test.each([
    [
      'default/users-service=127.0.0.1:3000',
      { namespace: 'default', service: 'users-service', host: '127.0.0.1', targetPort: 3000 },
    ],
    [
      'a/b:http=localhost:1',
      { namespace: 'a', service: 'b', port: 'http', host: 'localhost', targetPort: 1 },
    ],
    ['a/b:80=[::1]:1', { namespace: 'a', service: 'b', port: '80', host: '::1', targetPort: 1 }],
  ])('%s', (text, expected) => {
    expect(serviceMapping(text)).toEqual(expected)
  })

  test.each(['users=127.0.0.1:1', 'a/b=1', 'a/b=h:99999', 'a/b'])('refuses %j', (text) => {
    expect(() => serviceMapping(text)).toThrow(/NAMESPACE\/SERVICE/)
  })
})

test('namespacedName takes exactly one slash', () => {
  expect(namespacedName('a/b')).toEqual({ namespace: 'a', name: 'b' })
  for (const bad of ['a', 'a/', '/b', 'a/b/c']) expect(() => namespacedName(bad)).toThrow(/NAMESPACE\/NAME/)
})

test('duration reads units and gives milliseconds', () => {
  expect(['30', '30s', '500ms', '2m'].map(duration)).toEqual([30_000, 30_000, 500, 120_000])
  expect(() => duration('soon')).toThrow(/such as 30s/)
})

test('wholeNumber holds its bounds', () => {
  expect(wholeNumber(1, 5)('3')).toBe(3)
  for (const bad of ['0', '6', '1.5', 'x', '']) expect(() => wholeNumber(1, 5)(bad)).toThrow(/from 1 to 5/)
})
