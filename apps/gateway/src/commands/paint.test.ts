import { expect, test } from '@jest/globals'
import { paintFor, widthOf } from './paint.ts'

test.each([
  [{ columns: 60 }, {}, 60],
  [{ columns: 60 }, { COLUMNS: '80' }, 60],
  [{ columns: 300 }, {}, 100],
  [{ columns: 10 }, {}, 40],
  [{}, {}, 100],
  [{}, { COLUMNS: '72' }, 72],
  [{}, { COLUMNS: 'wide' }, 100],
  [{}, { COLUMNS: '0' }, 100],
])('a stream of %j with %j is %d columns wide', (stream, env, width) => {
  expect(widthOf(stream, env)).toBe(width)
})

test('colour is for terminals, and not for those who want none', () => {
  expect(paintFor({ isTTY: true }, {})('red', 'x')).not.toBe('x')
  expect(paintFor({ isTTY: true }, { NO_COLOR: '1' })('red', 'x')).toBe('x')
  expect(paintFor({}, {})('red', 'x')).toBe('x')
})
