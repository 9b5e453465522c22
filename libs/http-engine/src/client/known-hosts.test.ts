import { expect, test } from '@jest/globals'
import { KnownHosts } from './known-hosts.ts'

test('an authority is read once', () => {
  const hosts = new KnownHosts()
  const first = hosts.read('Shop.Example:8080', true)
  expect(first).toEqual({ authority: 'Shop.Example:8080', host: 'shop.example' })
  expect(hosts.read('Shop.Example:8080', true)).toBe(first)
  expect(hosts.read('shop.example', true)).toEqual({ authority: 'shop.example', host: 'shop.example' })
})

test('an HTTP/1.0 request without one does not excuse an HTTP/1.1 request', () => {
  const hosts = new KnownHosts()
  expect(hosts.read('', false)).toEqual({ authority: '', host: '' })
  expect(hosts.read('', true)).toEqual({ status: 400, reason: 'no legal host' })
})

test('what is refused is refused each time', () => {
  const hosts = new KnownHosts()
  for (let time = 0; time < 2; time++) expect(hosts.read('a b', true)).toHaveProperty('reason')
})

test('a client that asks for ever new hosts makes nothing grow, and known ones are still read right', () => {
  const hosts = new KnownHosts()
  for (let at = 0; at < 5_000; at++) {
    const host = `h${String(at)}.example`
    expect(hosts.read(host, true)).toHaveProperty('host', host)
  }
  const first = hosts.read('h4999.example', true)
  expect(hosts.read('h4999.example', true)).toBe(first)
  const long = `[${':'.repeat(300)}]`
  expect(hosts.read(long, true)).toEqual(hosts.read(long, true))
  expect(hosts.read(long, true)).not.toBe(hosts.read(long, true))
})
