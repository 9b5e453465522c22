import { describe, expect, test } from '@jest/globals'
import { indexPaths } from '@postern/data-plane'
import { expand, samplePaths } from './sample-paths.ts'

describe('samples of a rule', () => {
  test.each([
    ['/api(/|$)(.*)', ['/api/', '/api/q', '/api', '/apiq']],
    ['/v[0-9]+/x?', ['/v0/', '/v0/x']],
    ['/(?:a|b{2})\\.html$', ['/a.html', '/bb.html']],
    ['/\\d{3}-[^q]', ['/777-x']],
  ])('%s', (pattern, texts) => {
    expect(expand(pattern)).toEqual(texts)
  })

  test.each(['/', '/foo', '/foo/', '/a.b'])('prefix %s: each sample is met by the rule', (value) => {
    const path = { kind: 'prefix' as const, value }
    expect(samplePaths(path).filter((one) => indexPaths([path])(one) === undefined)).toEqual([])
  })

  test('an unbalanced pattern ends', () => {
    expect(expand('/a(b|[c').length).toBeGreaterThan(0)
    expect(expand('/a)b').length).toBeGreaterThan(0)
  })
})
