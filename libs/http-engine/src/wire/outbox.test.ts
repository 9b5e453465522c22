import { expect, test } from '@jest/globals'
import { Outbox } from './outbox.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('what is added in a turn is flushed at its end, once, in the order of its coming', async () => {
  const flushed: number[] = []
  const outbox = new Outbox()
  for (const one of [1, 2, 3]) outbox.add({ flush: () => flushed.push(one) })
  expect(flushed).toEqual([])
  await turn()
  expect(flushed).toEqual([1, 2, 3])
  await turn()
  expect(flushed).toEqual([1, 2, 3])
})

test('what is added while others are flushed waits for the next turn', async () => {
  let flushed = 0
  const outbox = new Outbox()
  const second = { flush: () => void flushed++ }
  outbox.add({ flush: () => outbox.add(second) })
  await turn()
  expect(flushed).toBe(0)
  await turn()
  expect(flushed).toBe(1)
})

test('a long queue does not wait for the end of the turn', () => {
  let flushed = 0
  const outbox = new Outbox()
  for (let i = 0; i < 200; i++) outbox.add({ flush: () => void flushed++ })
  expect(flushed).toBe(192)
})
