import { expect, test } from '@jest/globals'
import { BusyError, createTurnstile } from './turnstile.ts'

/** A job that ends when it is told to. */
function openJob() {
  const { promise, resolve } = Promise.withResolvers<string>()
  let begun = false
  const job = () => {
    begun = true
    return promise
  }
  return { job, end: resolve, begun: () => begun }
}

const turn = () => new Promise(setImmediate)

test('as many jobs run as there are places, the others begin in the order they came', async () => {
  const enter = createTurnstile({ places: 2, longestWaitMs: 1_000, clock: () => 0 })
  const jobs = [openJob(), openJob(), openJob(), openJob()]
  const results = jobs.map(({ job }) => enter(job))
  await turn()
  expect(jobs.map(({ begun }) => begun())).toEqual([true, true, false, false])
  jobs[1]?.end('second')
  await turn()
  expect(jobs.map(({ begun }) => begun())).toEqual([true, true, true, false])
  for (const { end } of jobs) end('done')
  expect(await Promise.all(results)).toEqual(['done', 'second', 'done', 'done'])
})

test('a job that failed gives its place to the next', async () => {
  const enter = createTurnstile({ places: 1, longestWaitMs: 1_000, clock: () => 0 })
  const failing = enter(() => Promise.reject(new Error('broken')))
  const next = enter(async () => 'next')
  await expect(failing).rejects.toThrow('broken')
  expect(await next).toBe('next')
})

test('jobs whose turn comes too late are refused at once and not begun, and the next in time is', async () => {
  let nowMs = 0
  const enter = createTurnstile({ places: 1, longestWaitMs: 1_000, clock: () => nowMs })
  const first = openJob()
  const running = enter(first.job)
  const late = Array.from({ length: 100 }, openJob)
  const refused = Promise.allSettled(late.map(({ job }) => enter(job)))
  await turn()
  nowMs = 500
  const inTime = enter(async () => 'in time')
  nowMs = 1_001
  first.end('first')
  expect(await running).toBe('first')
  for (const result of await refused)
    expect(result).toEqual({ status: 'rejected', reason: expect.any(BusyError) })
  expect(late.some(({ begun }) => begun())).toBe(false)
  expect(await inTime).toBe('in time')
  // The place is free again.
  expect(await enter(async () => 'later')).toBe('later')
})
