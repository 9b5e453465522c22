import { describe, expect, test } from '@jest/globals'
import { createOverloadDetector } from './overload-detector.ts'

/** Gives the times at which requests are refused, for delays seen one after the other: a sample comes 100 ms after the delay of the last. */
function refusals(lateness: readonly number[], limitMs = 1_000): readonly number[] {
  const detector = createOverloadDetector({ limitMs, sustainedMs: 1_000 })
  let nowMs = 0
  return lateness.flatMap((lateMs) => {
    nowMs += 100 + lateMs
    return detector.observe(lateMs, nowMs) ? [nowMs] : []
  })
}

const repeat = (lateMs: number, times: number) => Array.from({ length: times }, () => lateMs)

describe('requests are not refused', () => {
  test.each([
    ['one stall of half a minute, as a stopped process has', [0, 30_000, 0, 0]],
    ['a CPU quota of 20 ms in 100', repeat(80, 600)],
    ['a stall in every other sample', repeat(0, 60).flatMap(() => [1_600, 0])],
    ['two stalls in a row, within a second', [400, 400, 0], 300],
    ['a loop that is as late as a small share of CPU makes it', repeat(900, 60)],
  ])('at %s', (_what, lateness, limitMs = 1_000) => {
    expect(refusals(lateness, limitMs)).toEqual([])
  })
})

describe('requests are refused', () => {
  test('from the second sample on when each turn takes more than the limit', () => {
    expect(refusals([...repeat(0, 10), 1_500, 1_500, 1_500])).toEqual([4_200, 5_800])
  })

  test('a second after short turns became late', () => {
    expect(refusals([0, ...repeat(300, 5)], 250)[0]).toBe(1_700)
  })

  test('no longer once a sample is on time, and again at once while the load stays', () => {
    expect(refusals([1_500, 1_500, 0, 0, 1_500, 0, 0])).toEqual([3_200, 5_000])
  })

  test('anew only after another second when the load had gone', () => {
    expect(refusals([1_500, 1_500, ...repeat(0, 20), 1_500, 0])).toEqual([3_200])
  })
})
