import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { PathMatch } from '@postern/routing-table'
import { RE2JS } from 're2js'
import { indexPaths } from './match-path.ts'

const exact = (value: string): PathMatch => ({ kind: 'exact', value })
const prefix = (value: string): PathMatch => ({ kind: 'prefix', value })
const regex = (value: string, ignoreCase = true): PathMatch => ({ kind: 'regex', value, ignoreCase })

describe('one rule at a time', () => {
  test.each<[string, PathMatch, string, boolean]>([
    ['exact is equal', exact('/foo'), '/foo', true],
    ['exact is case-sensitive', exact('/foo'), '/Foo', false],
    ['exact does not forgive a slash', exact('/foo'), '/foo/', false],
    ['prefix meets itself', prefix('/foo'), '/foo', true],
    ['prefix meets its folder', prefix('/foo'), '/foo/', true],
    ['prefix meets below', prefix('/foo'), '/foo/bar', true],
    ['prefix does not match half a segment', prefix('/foo'), '/foobar', false],
    ['prefix is case-sensitive', prefix('/foo'), '/FOO', false],
    ['prefix with a slash meets below', prefix('/foo/'), '/foo/bar', true],
    ['the root prefix meets everything', prefix('/'), '/any/thing', true],
    ['the root prefix meets the root', prefix('/'), '/', true],
    ['regex begins at the start', regex('/foo'), '/a/foo', false],
    ['regex is open at its end', regex('/foo'), '/foobar', true],
    ['regex ignores case when told', regex('/foo'), '/FOO', true],
    ['regex minds case when told', regex('/foo', false), '/FOO', false],
  ])('%s', (_, rule, path, fits) => {
    expect(indexPaths([rule])(path)).toBe(fits ? 0 : undefined)
  })
})

test('the first that fits wins, whatever its kind', () => {
  expect(indexPaths([prefix('/'), exact('/a')])('/a')).toBe(0)
  expect(indexPaths([exact('/a'), prefix('/')])('/a')).toBe(0)
  expect(indexPaths([regex('/a.*'), exact('/ab'), prefix('/')])('/ab')).toBe(0)
  expect(indexPaths([exact('/ab'), regex('/a.*'), prefix('/')])('/ab')).toBe(0)
  expect(indexPaths([prefix('/b'), regex('/a.*'), prefix('/')])('/ab')).toBe(1)
  expect(indexPaths([prefix('/a'), prefix('/a/b')])('/a/b')).toBe(0)
  expect(indexPaths([prefix('/a'), prefix('/a')])('/a')).toBe(0)
})

/** Written straight from the text of PathMatch, slow and obvious. */
function fits(rule: PathMatch, path: string): boolean {
  switch (rule.kind) {
    case 'exact':
      return rule.value === path
    case 'prefix': {
      const segments = (text: string): string[] => text.split('/').filter((segment) => segment !== '')
      return segments(rule.value).every((segment, i) => segment === segments(path)[i])
    }
    case 'regex':
      return RE2JS.compile(`^(?:${rule.value})`, rule.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0).test(path)
  }
}

test('twin: the index agrees with trying one rule after the other', () => {
  const segment = fc.constantFrom('a', 'b', 'A', 'ab', 'a.b')
  const path = fc
    .tuple(fc.array(segment, { maxLength: 4 }), fc.boolean())
    .map(([parts, slash]) => `/${parts.join('/')}${slash && parts.length > 0 ? '/' : ''}`)
  const rule = fc.oneof(
    path.map(exact),
    path.map(prefix),
    fc
      .tuple(path, fc.constantFrom('', '(/|$)(.*)', '.*', '[a-z]+', '(a+)+$'), fc.boolean())
      .map(([base, tail, ignoreCase]) => regex(base + tail, ignoreCase)),
  )
  fc.assert(
    fc.property(
      fc.array(rule, { maxLength: 12 }),
      fc.array(path, { minLength: 1, maxLength: 8 }),
      (rules, paths) => {
        const index = indexPaths(rules)
        for (const candidate of paths) {
          const first = rules.findIndex((one) => fits(one, candidate))
          expect(index(candidate)).toBe(first < 0 ? undefined : first)
        }
      },
    ),
    { numRuns: 300 },
  )
})
