import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { settled } from './settled.ts'

beforeEach(() => {
  jest.useFakeTimers()
})

afterEach(() => {
  jest.useRealTimers()
})

/** Items at given times (ms); what comes out, with its time. */
async function run(times: readonly number[]): Promise<readonly (readonly [item: number, at: number])[]> {
  async function* source(): AsyncGenerator<number> {
    for (const time of times) {
      if (time > performance.now())
        await new Promise((resolve) => setTimeout(resolve, time - performance.now()))
      yield time
    }
  }
  const out: (readonly [number, number])[] = []
  const done = (async () => {
    for await (const item of settled(source(), { quietMs: 50, maxMs: 250 }))
      out.push([item, performance.now()])
  })()
  await jest.advanceTimersByTimeAsync(2_000)
  await done
  return out
}

describe('settled', () => {
  const start = (): number => performance.now()

  test('gives the first at once', async () => {
    const t = start()
    expect(await run([t])).toEqual([[t, t]])
  })

  test('gives a burst once, 50 ms after its last', async () => {
    const t = start()
    expect(await run([t, t + 100, t + 120, t + 140])).toEqual([
      [t, t],
      [t + 140, t + 140],
    ])
  })

  test('never waits longer than 250 ms', async () => {
    const t = start()
    const busy = Array.from({ length: 20 }, (_, index) => t + 100 + index * 30)
    const out = await run([t, ...busy])
    expect(out[1]).toEqual([t + 340, t + 350])
  })

  test('gives items that are far apart one by one', async () => {
    const t = start()
    expect(await run([t, t + 100, t + 300, t + 301])).toEqual([
      [t, t],
      [t + 100, t + 150],
      [t + 301, t + 301],
    ])
  })
})
