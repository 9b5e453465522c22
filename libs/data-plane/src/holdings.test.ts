import { expect, test } from '@jest/globals'
import { Holdings } from './holdings.ts'
import { Runtime } from './runtime/runtime.ts'

class Parts {
  readonly runtime = new Runtime()
  readonly holdings = new Holdings(this.runtime)
}

function use({ holdings, runtime }: Parts, part: object, ...keys: readonly string[]): readonly object[] {
  return holdings.hold(part, () => keys.map((key) => runtime.get(key, () => ({}))))
}

test('a state stays while any part in use asks for it', () => {
  const parts = new Parts()
  const [a, b, c] = [{}, {}, {}]
  const [state] = use(parts, a, 'limit')
  use(parts, b, 'limit')
  parts.holdings.release(a)
  expect(use(parts, c, 'limit')[0]).toBe(state)
  parts.holdings.release(b)
  expect(use(parts, a, 'limit')[0]).toBe(state)
})

test('a state that no part asks for any more is let go', () => {
  const parts = new Parts()
  const part = {}
  const [state] = use(parts, part, 'limit')
  parts.holdings.release(part)
  expect(use(parts, part, 'limit')[0]).not.toBe(state)
})

test('a part that is prepared anew keeps what it asks for again, and only that', () => {
  const parts = new Parts()
  const part = {}
  const [kept, left] = use(parts, part, 'kept', 'left')
  use(parts, part, 'kept')
  const [stillKept, anew] = use(parts, {}, 'kept', 'left')
  expect(stillKept).toBe(kept)
  expect(anew).not.toBe(left)
})

test('a part that takes the place of another keeps its states until it asks itself', () => {
  const parts = new Parts()
  const [before, after] = [{}, {}]
  const [kept, left] = use(parts, before, 'kept', 'left')
  parts.holdings.inherit(after, before)
  parts.holdings.release(before)
  expect(use(parts, after, 'kept')[0]).toBe(kept)
  expect(use(parts, {}, 'left')[0]).not.toBe(left)
})
