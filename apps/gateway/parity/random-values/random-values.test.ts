import { expect, test } from '@jest/globals'
import { playRandomValues } from './play.ts'

// FUZZ_VALUES=100000 FUZZ_SEED=7 plays more; docs/random-values.md tells of a million.
const values = Number(process.env['FUZZ_VALUES'] ?? 6_000)
const seed = Number(process.env['FUZZ_SEED'] ?? 1)

test('random values: no crash, nothing slow, no neighbour touched', async () => {
  const tally = await playRandomValues(seed, values)
  if (process.env['FUZZ_VALUES'] !== undefined) process.stderr.write(`${JSON.stringify(tally)}\n`)
  expect(tally.findings).toEqual([])
  expect(tally.fewestPerName).toBeGreaterThan(0)
}, 600_000)
