import { expect, jest, test } from '@jest/globals'
import { watchMemory } from '@postern/testing/memory'

jest.setTimeout(300_000)

const MIB = 2 ** 20

/**
 * Between ten and sixty thousand requests arrive in this minute: a hundred bytes kept for each would be megabytes. What is allowed is
 * far above what a healthy run shows (0.3 MiB of heap) and far below that. bench/results/memory.md has ten minutes.
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
    ({ growth }) => growth.heap > Math.max(1 * MIB, 60 * requests) || growth.rss > 32 * MIB,
  )
  expect(requests).toBeGreaterThan(2_000)
  expect(grown).toEqual([])
})
