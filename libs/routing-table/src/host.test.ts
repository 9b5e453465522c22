import { describe, expect, test } from '@jest/globals'
import { parseHostName, parseHostPattern, wildcardFor, type HostName } from './host.ts'

describe('parseHostName', () => {
  test.each([
    ['Shop.Example', 'shop.example'],
    ['shop.example:8443', 'shop.example'],
    ['shop.example.', 'shop.example'],
    ['shop.example.:443', 'shop.example'],
    ['127.0.0.1:8080', '127.0.0.1'],
    ['[::1]:8443', '[::1]'],
    ['[::1]', '[::1]'],
  ])('%s is %s', (authority, name) => {
    expect(parseHostName(authority)).toBe(name)
  })

  test.each(['', ':80', 'a..b', 'a b', 'user@host', 'a/b', '-a', '::1', 'a:b:80', 'a,b'])(
    'refuses %j',
    (authority) => {
      expect(parseHostName(authority)).toBeUndefined()
    },
  )
})

describe('parseHostPattern', () => {
  test.each(['shop.example', '*.shop.example', 'SHOP.example'])('accepts %s', (host) => {
    expect(parseHostPattern(host)).toBe(host.toLowerCase())
  })

  test.each(['*', 'a.*.b', '**.b', '10.0.0.1', 'a:80', ''])('refuses %j', (host) => {
    expect(parseHostPattern(host)).toBeUndefined()
  })
})

test('a wildcard covers exactly one label', () => {
  expect(wildcardFor('a.b.example' as HostName)).toBe('*.b.example')
  expect(wildcardFor('localhost' as HostName)).toBeUndefined()
})
