import { expect, test } from '@jest/globals'
import { addressSet } from './address-set.ts'

test.each([
  ['10.0.0.0/8', '10.1.2.3', true],
  ['10.0.0.0/8', '11.1.2.3', false],
  ['0.0.0.0/0', '1.2.3.4', true],
  ['0.0.0.0/0', '::1', false],
  ['192.168.1.7', '192.168.1.7', true],
  ['192.168.1.7', '192.168.1.8', false],
  ['2001:db8::/32', '2001:db8:1::1', true],
  ['2001:db8::/32', '2001:db9::1', false],
  ['::1', '::1', true],
  ['::ffff:10.0.0.0/104', '::ffff:10.2.3.4', true],
  // As a PROXY header or X-Forwarded-For of a dual-stack proxy writes an IPv4 client.
  ['10.0.0.0/8', '::ffff:10.2.3.4', true],
  ['10.0.0.0/8', '::ffff:a02:304', true],
  ['10.0.0.0/8', '::ffff:11.2.3.4', false],
  ['10.0.0.0/8', '::fffe:10.2.3.4', false],
  ['::/0', '::ffff:10.2.3.4', true],
  ['fe80::/10', 'fe80::1%eth0', true],
  ['10.0.0.0/8', 'nonsense', false],
])('%s contains %s: %s', (cidr, address, contained) => {
  expect(addressSet([cidr]).contains(address)).toBe(contained)
})

test.each(['300.0.0.1', '10.0.0.0/33', 'x', '::1::', '10.0.0.0/-1', '1:2:3'])('%s is refused', (cidr) => {
  expect(() => addressSet([cidr])).toThrow('is no CIDR')
})
