import { expect, test } from '@jest/globals'
import { createBreaker } from './breaker.ts'

function makeBreaker() {
  const time = { ms: 0 }
  return { time, breaker: createBreaker({ failures: 3, openMs: 1_000, clock: () => time.ms }) }
}

test('opens after failures in a row, and not after failures between successes', () => {
  const { breaker } = makeBreaker()
  for (const _ of [1, 2, 3, 4]) {
    breaker.failed()
    breaker.failed()
    breaker.succeeded()
  }
  expect(breaker.allows()).toBe(true)
  for (const _ of [1, 2, 3]) breaker.failed()
  expect(breaker.allows()).toBe(false)
})

test('lets one call try after a while, and closes when it succeeds', () => {
  const { breaker, time } = makeBreaker()
  for (const _ of [1, 2, 3]) breaker.failed()
  time.ms = 1_000
  expect([breaker.allows(), breaker.allows()]).toEqual([true, false])
  breaker.succeeded()
  expect([breaker.allows(), breaker.allows()]).toEqual([true, true])
})

test('stays open when the try fails, and never for good when a try is lost', () => {
  const { breaker, time } = makeBreaker()
  for (const _ of [1, 2, 3]) breaker.failed()
  time.ms = 1_000
  expect(breaker.allows()).toBe(true)
  breaker.failed()
  time.ms = 1_999
  expect(breaker.allows()).toBe(false)
  time.ms = 2_000
  expect(breaker.allows()).toBe(true)
  time.ms = 3_000
  expect(breaker.allows()).toBe(true)
})
