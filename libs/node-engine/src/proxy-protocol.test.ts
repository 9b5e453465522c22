import { describe, expect, test } from '@jest/globals'
import { readProxyHeader } from './proxy-protocol.ts'

const v2 = (command: number, family: number, body: readonly number[]): Buffer =>
  Buffer.from([
    0x0d,
    0x0a,
    0x0d,
    0x0a,
    0,
    0x0d,
    0x0a,
    0x51,
    0x55,
    0x49,
    0x54,
    0x0a,
    command,
    family,
    0,
    body.length,
    ...body,
  ])

describe('readProxyHeader', () => {
  test.each([
    ['PROXY TCP4 192.0.2.7 10.0.0.1 56324 443\r\n', { address: '192.0.2.7', port: 56324 }],
    ['PROXY TCP6 2001:db8::7 ::1 1 443\r\n', { address: '2001:db8::7', port: 1 }],
    ['PROXY UNKNOWN\r\n', undefined],
    ['PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n', undefined],
  ])('%j', (header, client) => {
    const bytes = Buffer.from(`${header}GET / HTTP/1.1`)
    expect(readProxyHeader(bytes)).toEqual({ client, length: header.length })
    for (let i = 0; i < header.length; i++) expect(readProxyHeader(bytes.subarray(0, i))).toBeUndefined()
  })
  test('version 2', () => {
    const four = [192, 0, 2, 7, 10, 0, 0, 1, 0xdc, 4, 1, 0xbb]
    expect(readProxyHeader(v2(0x21, 0x11, four))).toEqual({
      client: { address: '192.0.2.7', port: 0xdc04 },
      length: 28,
    })
    expect(readProxyHeader(v2(0x20, 0x00, []))).toEqual({ client: undefined, length: 16 })
    const six = [
      ...Array.from({ length: 15 }, () => 0),
      1,
      ...Array.from({ length: 16 }, () => 0),
      0,
      80,
      0,
      81,
    ]
    expect(readProxyHeader(v2(0x21, 0x21, six))).toMatchObject({
      client: { address: '0:0:0:0:0:0:0:1', port: 80 },
    })
    const whole = v2(0x21, 0x11, four)
    for (let i = 0; i < whole.length; i++) expect(readProxyHeader(whole.subarray(0, i))).toBeUndefined()
  })
  test.each([
    'GET / HTTP/1.1\r\n',
    'PROXY TCP4 x y 1 2\r\n',
    'PROXY TCP9 1.1.1.1 1.1.1.1 1 2\r\n',
    `PROXY ${'x'.repeat(200)}`,
    '\u0016\u0003',
  ])('refuses %j', (bytes) => {
    expect(() => readProxyHeader(Buffer.from(bytes, 'latin1'))).toThrow('PROXY protocol')
  })
})
