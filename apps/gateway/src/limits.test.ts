import { expect, test } from '@jest/globals'
import { clientLimits } from './limits.ts'

test.each([
  [Infinity, 16_384],
  [1_048_576, 16_384],
  [20_000, 5_641],
  [1_024, 219],
  [64, 13],
  [3, 1],
])('of %d files that may be open, connections of a listener take %d', (openFiles, connections) => {
  const { maxConnections, maxShed = NaN } = clientLimits(openFiles)
  expect(maxConnections).toBe(connections)
  if (openFiles > 3) expect(2 * (maxConnections + maxShed) + maxConnections).toBeLessThan(openFiles)
})
