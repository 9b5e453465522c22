import { expect, test } from '@jest/globals'
import { Holdings } from './holdings.ts'
import { Runtime } from './runtime/runtime.ts'

class Parts {
  readonly runtime = new Runtime()
  readonly holdings = new Holdings(this.runtime)
}

function use({ holdings, runtime }: Parts, part: object, ...keys: readonly string[]): readonly object[] {
  return holdings.prepare(part, () => keys.map((key) => runtime.get(key, () => ({}))))
}

test('a state stays while any part in use asks for it', () => {
  const parts = new Parts()
  const [a, b, c] = [{}, {}, {}]
  const [state] = use(parts, a, 'limit')
  use(parts, b, 'limit')
  parts.holdings.turn([])
  parts.holdings.turn([a])
  expect(use(parts, c, 'limit')).toEqual([state])
  expect(use(parts, c, 'limit')[0]).toBe(state)
  parts.holdings.turn([b])
  expect(use(parts, a, 'limit')[0]).toBe(state)
})

test('a state that no part asks for any more is let go', () => {
  const parts = new Parts()
  const part = {}
  const [state] = use(parts, part, 'limit')
  parts.holdings.turn([])
  parts.holdings.turn([part])
  expect(use(parts, part, 'limit')[0]).not.toBe(state)
})

test('a part that is prepared anew keeps what it asks for again, and only that', () => {
  const parts = new Parts()
  const part = {}
  const [kept, left] = use(parts, part, 'kept', 'left')
  parts.holdings.turn([])
  use(parts, part, 'kept')
  parts.holdings.turn([part])
  const [stillKept, anew] = use(parts, {}, 'kept', 'left')
  expect(stillKept).toBe(kept)
  expect(anew).not.toBe(left)
})

test('what was prepared for a table that failed leaves no state behind after the next turn', () => {
  const parts = new Parts()
  const inUse = {}
  const [held] = use(parts, inUse, 'held')
  parts.holdings.turn([])
  const [, drafted] = use(parts, {}, 'held', 'drafted')
  parts.holdings.abandon()
  parts.holdings.turn([])
  const [stillHeld, anew] = use(parts, {}, 'held', 'drafted')
  expect(stillHeld).toBe(held)
  expect(anew).not.toBe(drafted)
})
