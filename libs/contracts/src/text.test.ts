import { expect, test } from '@jest/globals'
import { Value } from 'typebox/value'
import { visibleText } from './text.ts'

const schema = visibleText(20, 'x')

test.each(['a', ' a', 'a ', '\n a b \t', '\u00a0한', '\u{1f600}', '\ud800', '"\\', '\u0001'])(
  '%j can be seen',
  (text) => {
    expect(Value.Check(schema, text)).toBe(true)
  },
)

test.each([
  '',
  ' ',
  '\n\t \u00a0\u3000',
  '\u0000',
  'a\u0000',
  '\u0000a',
  'a\u0000b',
  ' \u0000',
  'a'.repeat(21),
])('%j is refused', (text) => {
  expect(Value.Check(schema, text)).toBe(false)
})

// Quadratic time would be minutes for each.
test.each([
  ['something to see', 'a', '\u0000\u0000'],
  ['blanks', ' ', ''],
  ['blanks', ' ', '\u0000'],
])('telling what is wrong with half a million characters of %s takes no time', (_what, character, end) => {
  const before = performance.now()
  expect(Value.Errors(schema, `${character.repeat(500_000)}${end}`)).not.toEqual([])
  expect(performance.now() - before).toBeLessThan(3_000)
})
