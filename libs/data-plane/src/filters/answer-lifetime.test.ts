import { expect, test } from '@jest/globals'
import type { HeaderView } from '@postern/exchange'
import { answerLifetime } from './answer-lifetime.ts'

const NOW = new Date('2026-01-01T00:00:00Z')

function viewOf(lines: readonly (readonly [string, string])[]): HeaderView {
  const all = (name: string) => lines.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value)
  return {
    get: (name) => (all(name).length === 0 ? undefined : all(name).join(', ')),
    has: (name) => all(name).length > 0,
    each: (visit) => lines.forEach(([name, value]) => visit(name, value)),
  }
}

test.each<[string, readonly (readonly [string, string])[], unknown]>([
  ['nothing said: by its status', [], { vary: [] }],
  ['a cookie is for one client', [['Set-Cookie', 's=1']], undefined],
  ['no-store', [['Cache-Control', 'no-store, max-age=60']], undefined],
  ['no-cache, in any case', [['Cache-Control', 'No-Cache']], undefined],
  ['private', [['Cache-Control', 'private, max-age=60']], undefined],
  ['max-age', [['Cache-Control', 'public, max-age=60']], { ms: 60_000, vary: [] }],
  ['max-age=0', [['Cache-Control', 'max-age=0']], undefined],
  ['s-maxage before max-age', [['Cache-Control', 'max-age=5, s-maxage=60']], { ms: 60_000, vary: [] }],
  [
    'several lines are one',
    [
      ['Cache-Control', 'max-age=5'],
      ['Cache-Control', 'private'],
    ],
    undefined,
  ],
  ['Expires', [['Expires', 'Thu, 01 Jan 2026 00:01:00 GMT']], { ms: 60_000, vary: [] }],
  ['Expires in the past', [['Expires', 'Thu, 01 Jan 1970 00:00:01 GMT']], undefined],
  ['Expires that is no date', [['Expires', '0']], undefined],
  [
    'Cache-Control before Expires',
    [
      ['Cache-Control', 'max-age=60'],
      ['Expires', '0'],
    ],
    { ms: 60_000, vary: [] },
  ],
  [
    'X-Accel-Expires before all',
    [
      ['X-Accel-Expires', '60'],
      ['Cache-Control', 'no-store'],
    ],
    { ms: 60_000, vary: [] },
  ],
  ['X-Accel-Expires: 0', [['X-Accel-Expires', '0']], undefined],
  ['X-Accel-Expires at a time', [['X-Accel-Expires', '@1767225660']], { ms: 60_000, vary: [] }],
  ['Vary', [['Vary', 'Cookie, Accept-Language']], { vary: ['cookie', 'accept-language'] }],
  ['Vary: *', [['Vary', '*']], undefined],
  ['a Vary that is too long', [['Vary', 'x'.repeat(129)]], undefined],
])('%s', (_, lines, expected) => {
  expect(answerLifetime(viewOf(lines), NOW)).toEqual(expected)
})
