import { describe, expect, test } from '@jest/globals'
import { parseRequestPath } from './request-path.ts'

describe('parseRequestPath', () => {
  test.each([
    ['/', '/', '/'],
    ['/a/b', '/a/b', '/a/b'],
    ['/a//b', '/a/b', '/a/b'],
    ['/a/./b', '/a/b', '/a/b'],
    ['/a/../b', '/b', '/b'],
    ['/a/b/..', '/a/', '/a/'],
    ['/a/.', '/a/', '/a/'],
    ['/a%2F..%2Fadmin', '/admin', '/admin'],
    ['/%61dmin', '/admin', '/%61dmin'],
    ['/a%2Fb', '/a/b', '/a%2Fb'],
    ['/%61/../b', '/b', '/b'],
    ['/a%20b', '/a b', '/a%20b'],
    ['/a\\b', '/a\\b', '/a%5Cb'],
    ['/a;x=1/b', '/a;x=1/b', '/a;x=1/b'],
    ['/%E2%82%AC', '/\u00e2\u0082\u00ac', '/%E2%82%AC'],
    ['/a%3Fb', '/a?b', '/a%3Fb'],
    ['/a%5Cb', '/a\\b', '/a%5Cb'],
    ['/.', '/', '/'],
    ['//', '/', '/'],
    ['/...', '/...', '/...'],
    ['/.well-known/x', '/.well-known/x', '/.well-known/x'],
  ])('%s is matched as %s and forwarded as %s', (target, normalized, forwarded) => {
    expect(parseRequestPath(target)).toMatchObject({ raw: target, normalized, forwarded, query: '' })
  })

  test('keeps the query byte by byte', () => {
    expect(parseRequestPath('/a?b=%2F..&c=//')).toMatchObject({ normalized: '/a', query: '?b=%2F..&c=//' })
  })

  test.each(['/..', '/a/../../b', '/%2e%2e/b', '/%00', '/a%', '/a%g1', 'a', '', '*'])(
    'refuses %j',
    (target) => {
      expect(parseRequestPath(target)).toHaveProperty('refused')
    },
  )
})
