import { expect, test } from '@jest/globals'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { HeaderView } from '@postern/exchange'
import { AnswerCache } from '../src/filters/answer-cache.ts'
import { LeakyBuckets } from '../src/filters/leaky-buckets.ts'

// What is cut out of a head and kept must not keep the head. 2,000 heads of 32 KiB are 64 MB.
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const HEADS = 2_000
const MOST_BYTES = 16_000_000

/** A client's address as it is cut out of a long X-Forwarded-For. */
function addressOf(i: number): string {
  const head = Buffer.from(`2001:db8:0:0:0:0:0:${i.toString(16).padStart(4, '0')}, ${'x'.repeat(32_768)}`)
  return head.toString('latin1').slice(0, 24)
}

function grownBy(keep: (i: number) => void): number {
  collect()
  const before = process.memoryUsage().heapUsed
  for (let i = 0; i < HEADS; i++) keep(i)
  collect()
  return process.memoryUsage().heapUsed - before
}

test('buckets of a rate limit keep addresses, not the heads they stood in', () => {
  const buckets = new LeakyBuckets([{ perSecond: 1, burst: 5 }])
  expect(grownBy((i) => buckets.allow(addressOf(i), 0))).toBeLessThan(MOST_BYTES)
  // Twice: the second time a key is known and comes again within another head.
  expect(grownBy((i) => buckets.allow(addressOf(i), 1))).toBeLessThan(MOST_BYTES)
  expect(buckets.allow(addressOf(1), 1)).toBe(true)
})

const NO_HEADERS: HeaderView = { get: () => undefined, has: () => false, each: () => undefined }

test('kept answers of an auth service keep neither head', () => {
  const clock = { now: () => 0, date: () => new Date(0) }
  const cache = new AnswerCache([[0, 1_000]], clock)
  const answer = (i: number) => ({
    status: 200,
    challenge: addressOf(i),
    headers: [['X-User', addressOf(i)] as const],
    cookies: [addressOf(i)],
  })
  expect(grownBy((i) => cache.put(addressOf(i), NO_HEADERS, answer(i), { vary: [] }))).toBeLessThan(
    MOST_BYTES,
  )
  expect(cache.get(addressOf(7), NO_HEADERS)).toEqual(answer(7))
})
