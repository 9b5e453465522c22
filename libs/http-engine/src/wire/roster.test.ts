import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Roster } from './roster.ts'

const ITEMS = Array.from({ length: 8 }, (_, id) => ({ id }))
type Item = (typeof ITEMS)[number]

const everybody = (roster: Roster<Item>): Item[] => {
  const seen: Item[] = []
  roster.each((item) => seen.push(item))
  return seen.toSorted((a, b) => a.id - b.id)
}

test('it holds what a Set holds', () => {
  const step = fc.tuple(fc.constantFrom('add', 'remove'), fc.constantFrom(...ITEMS))
  fc.assert(
    fc.property(fc.array(step as fc.Arbitrary<['add' | 'remove', Item]>), (steps) => {
      const [roster, twin] = [new Roster<Item>(), new Set<Item>()]
      for (const [kind, item] of steps) {
        roster[kind](item)
        if (kind === 'add') twin.add(item)
        else twin.delete(item)
      }
      expect(roster.size).toBe(twin.size)
      expect(everybody(roster)).toEqual([...twin].toSorted((a, b) => a.id - b.id))
    }),
  )
})

test('nobody is passed over when others leave during a visit', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...ITEMS), fc.subarray(ITEMS)), { maxLength: 8 }),
      (leavings) => {
        const roster = new Roster<Item>()
        for (const item of ITEMS) roster.add(item)
        const seen = new Set<Item>()
        roster.each((item) => {
          seen.add(item)
          for (const [when, leave] of leavings) if (when === item) leave.forEach((one) => roster.remove(one))
        })
        for (const item of everybody(roster)) expect(seen.has(item)).toBe(true)
      },
    ),
  )
})

test('an item may be in several', () => {
  const [one, other] = [new Roster<Item>(), new Roster<Item>()]
  for (const item of ITEMS) one.add(item)
  for (const item of ITEMS.toReversed()) other.add(item)
  one.remove(ITEMS[0] as Item)
  expect([one.size, other.size]).toEqual([7, 8])
  expect(everybody(other)).toEqual(ITEMS)
})
