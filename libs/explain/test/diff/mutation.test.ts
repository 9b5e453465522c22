import { expect, test } from '@jest/globals'
import { runMutations } from './mutation.ts'

// The full run, of 1,000 edits that change something, is mutation.e2e.ts.
test('diff reports what changes by an independent oracle, and nothing else', async () => {
  const result = await runMutations({ changing: 8, requests: 60, seed: 3 })
  expect(result.missed).toEqual([])
  expect(result.changing).toBe(8)
})
