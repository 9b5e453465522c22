import { expect, test } from '@jest/globals'
import { createHttpEngine } from '@postern/http-engine'
import { makeAuthority } from '@postern/testing'
import { chartSets } from './chart-sets.ts'
import { compare } from './compare.ts'
import { startEchoes } from './echo.ts'
import { generatedSet, modelledSets } from './manifest-sets.ts'

const PER_SET = 220
const GENERATED = 20

test('10,000 requests over more than 40 sets: explain and serve agree on every one', async () => {
  await using echoes = await startEchoes(6)
  const authority = await makeAuthority()
  const certificate = await authority.issue('a.example')
  const parts = { endpoints: echoes.endpoints, certificate }
  const engine = createHttpEngine()
  const sets = [
    ...modelledSets(parts),
    ...(await chartSets(echoes.endpoints, authority)),
    ...Array.from({ length: GENERATED }, (_, seed) => generatedSet(seed + 100, parts)),
  ]
  const mismatches: string[] = []
  let [requests, forwarded] = [0, 0]
  try {
    for (const [seed, set] of sets.entries()) {
      const found = await compare(set, { engine, requests: PER_SET, seed: seed + 1_000 })
      mismatches.push(...found.mismatches)
      requests += found.requests
      forwarded += found.forwarded
    }
  } finally {
    await engine.close()
  }
  expect(mismatches).toEqual([])
  expect(sets.length).toBeGreaterThanOrEqual(40)
  expect(requests).toBeGreaterThanOrEqual(10_000)
  expect(forwarded).toBeGreaterThan(requests / 5)
})
