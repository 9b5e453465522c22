import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Shelf } from './shelf.ts'

const name = fc.integer({ min: 0, max: 120 }).map(String)
const step = fc.record({ gone: fc.array(name, { maxLength: 5 }), come: fc.array(name, { maxLength: 40 }) })

test('a shelf says what a map says, and what came before it stays as it was', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let shelf = new Shelf<{ readonly at: number }>()
      let twin = new Map<string, { readonly at: number }>()
      const before: (readonly [typeof shelf, typeof twin])[] = []
      for (const [at, { gone, come }] of steps.entries()) {
        before.push([shelf, twin])
        twin = new Map(twin)
        const items = come.map((key) => [key, { at }] as const)
        for (const key of gone) twin.delete(key)
        for (const [key, value] of items) twin.set(key, value)
        shelf = shelf.after(gone, items)
      }
      for (const [one, other] of [...before, [shelf, twin] as const]) {
        expect(one.size).toBe(other.size)
        for (let key = 0; key <= 120; key += 1) expect(one.get(String(key))).toBe(other.get(String(key)))
      }
    }),
  )
})

test('without a difference it is the same shelf', () => {
  const shelf = new Shelf(new Map([['a', {}]]))
  expect(shelf.after([], [])).toBe(shelf)
})
