import { describe, expect, test } from '@jest/globals'
import { BYTES_PER_UNIT, putBytes, putNumber, putString } from './json-bytes.ts'

const at = 3

function written(put: (bytes: Buffer) => number): string {
  const bytes = Buffer.alloc(4096, 0xff)
  return bytes.toString('utf8', at, put(bytes))
}

describe('putString', () => {
  const texts = ['', 'plain', '"', 'a\\b', '\u001f', '\u007f', 'é', '\u2028', '\ud800', '😀', 'line\nfeed']

  test.each(texts)('%j as JSON.stringify writes it', (text) => {
    expect(written((bytes) => putString(bytes, at, text))).toBe(JSON.stringify(text))
  })

  test.each(texts)('%j in the middle and at the end of a long text', (text) => {
    for (const long of ['x'.repeat(100) + text, `${'x'.repeat(40)}${text}${'y'.repeat(40)}`])
      expect(written((bytes) => putString(bytes, at, long))).toBe(JSON.stringify(long))
  })

  test('no unit takes more than its room', () => {
    for (let unit = 0; unit < 0x10000; unit++) {
      const bytes = Buffer.byteLength(JSON.stringify(String.fromCharCode(unit))) - 2
      if (bytes > BYTES_PER_UNIT) throw new Error(`U+${unit.toString(16)} takes ${String(bytes)} bytes`)
    }
  })
})

test.each([
  0,
  1,
  9,
  10,
  99,
  100,
  213,
  65536,
  10_737_418,
  2 ** 31,
  2 ** 53,
  0.01,
  0.1,
  0.12,
  1.05,
  20,
  9.99,
  -1,
  NaN,
])('putNumber writes %d as JSON does', (value) => {
  expect(written((bytes) => putNumber(bytes, at, value))).toBe(JSON.stringify(value))
})

test('putBytes copies', () => {
  expect(written((bytes) => putBytes(bytes, at, Buffer.from('é')))).toBe('é')
})
