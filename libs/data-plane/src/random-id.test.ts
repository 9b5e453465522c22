import { expect, test } from '@jest/globals'
import { randomId } from './random-id.ts'

test('ids have 32 hex digits, and none comes twice, also when fresh randomness is fetched', () => {
  const ids = Array.from({ length: 1_000 }, randomId)
  expect(new Set(ids).size).toBe(1_000)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/)
})
