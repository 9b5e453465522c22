import { expect, test } from '@jest/globals'
import { readBearerToken } from './bearer-token.ts'

test.each(['Bearer abc', 'bearer abc', 'BEARER   abc', ' Bearer abc '])('a token in %j', (header) => {
  expect(readBearerToken(header)).toEqual({ kind: 'token', token: 'abc' })
})

test.each([undefined, '', '  '])('no token in %j', (header) => {
  expect(readBearerToken(header)).toEqual({ kind: 'absent' })
})

test.each([
  'Basic abc',
  'Bearer',
  'Bearer ',
  'Bearer a b',
  'Bearer abc?x=1',
  'Bearer %61bc',
  'Bearer "abc"',
  'Bearer abc, Bearer abc',
  'abc',
  `Bearer ${'a'.repeat(9_000)}`,
])('V40 nothing usable in %.40j', (header) => {
  expect(readBearerToken(header)).toEqual({ kind: 'unusable' })
})
