import { describe, expect, test } from '@jest/globals'
import { RE2JS } from 're2js'
import { compileRegex, toPlainSource } from './linear-regex.ts'

describe('toPlainSource', () => {
  test.each(['/api(/|$)(.*)', '/a/[a-z]+', '/v\\d/x', '/(a|b)?c', '^/x\\.php$', '/caf.', '/a(?:b|c)d'])(
    '%s is plain',
    (pattern) => {
      expect(toPlainSource(pattern)).toBeDefined()
    },
  )
  test.each([
    '(a+)+$',
    '(a*)*',
    '(.*)(.*)=',
    '(a|a)*',
    'a{1,30}',
    '(?i)a',
    '(?<=a)b',
    '\\1',
    '(a?)(a?)(a?)(a?)(a?)(a?)(a?)',
    '[[:alpha:]]',
    '*a',
    '(a',
    '\\s+',
  ])('%s is not', (pattern) => {
    expect(toPlainSource(pattern)).toBeUndefined()
  })
})

test('plain patterns mean the same on both engines', () => {
  const paths = [
    '/',
    '/api',
    '/api/',
    '/api/x/y',
    '/apix',
    '/API/x',
    '/a/abc',
    '/a/',
    '/v1/x',
    '/x.php',
    '/xaphp',
    '/bc',
    '/c',
    '/abd',
    '/caf\u00e9',
    '/caf\r',
  ]
  for (const pattern of [
    '/api(/|$)(.*)',
    '/a/[a-z]+',
    '/v\\d/x',
    '/(a|b)?c',
    '^/x\\.php$',
    '/caf.',
    '/a(?:b|c)d',
    '/a.*?b',
  ]) {
    for (const ignoreCase of [false, true]) {
      expect(toPlainSource(pattern)).toBeDefined()
      const plain = compileRegex(pattern, { ignoreCase, anchored: true })
      const slow = RE2JS.compile(`^(?:${pattern})`, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0)
      for (const path of paths) {
        const matcher = slow.matcher(path)
        const expected = matcher.find()
          ? Array.from({ length: matcher.groupCount() + 1 }, (_, i) => matcher.group(i) ?? undefined)
          : undefined
        expect([pattern, path, plain.exec(path) && [...plain.exec(path)!]]).toEqual([pattern, path, expected])
        expect(plain.test(path)).toBe(expected !== undefined)
      }
    }
  }
})

test('a pattern that makes backtracking engines explode answers at once', () => {
  const regex = compileRegex('/(a+)+$', { ignoreCase: false, anchored: true })
  expect(regex.test(`/${'a'.repeat(5_000)}!`)).toBe(false)
})

test('patterns with characters beyond ASCII match the bytes of a decoded path', () => {
  const path = Buffer.from('/caf\u00e9').toString('latin1')
  expect(compileRegex('/caf\u00e9', { ignoreCase: false, anchored: true }).test(path)).toBe(true)
})

test('a path of any length is a pattern', () => {
  const path = `/${'ab'.repeat(50_000)}`
  const regex = compileRegex(path, { ignoreCase: true, anchored: true })
  expect(regex.test(path.toUpperCase())).toBe(true)
  expect(regex.test('/other')).toBe(false)
})
