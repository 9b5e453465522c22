import { expect, jest, test } from '@jest/globals'
import { watchMemory } from '@postern/testing/memory'

jest.setTimeout(300_000)

const MIB = 2 ** 20

/**
 * Thousands of requests arrive in this minute. Allowed are 24 bytes for each, or a MiB when there are few: a healthy run shows about
 * five, and whatever is kept by mistake is an object with its place in a list or map. bench/results/memory.md has ten minutes.
 */
test('a minute under load leaves the heap of auth, users and tasks as it was', async () => {
  const { requests, apps } = await watchMemory({
    warmUpS: 15,
    seconds: 60,
    samples: 21,
    people: 4,
    pauseMs: 0,
  })
  const grown = apps.filter(
    ({ growth }) => growth.heap > Math.max(1 * MIB, 24 * requests) || growth.rss > 32 * MIB,
  )
  expect(requests).toBeGreaterThan(2_000)
  expect(grown).toEqual([])
})
