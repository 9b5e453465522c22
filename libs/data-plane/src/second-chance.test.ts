import { expect, test } from '@jest/globals'
import { SecondChance } from './second-chance.ts'

const item = (name: string, wasAsked = false) => ({ name, wasAsked })

test('there is room for so many; then the first that nobody asked for goes', () => {
  const kept = new SecondChance<ReturnType<typeof item>>(2)
  const [a, b] = [item('a', true), item('b')]
  expect(kept.add(a)).toBeUndefined()
  expect(kept.add(b)).toBeUndefined()
  expect(kept.add(item('c'))).toBe(b)
})

test('who was asked for once stays one round longer', () => {
  const kept = new SecondChance<ReturnType<typeof item>>(2)
  const [a, b] = [item('a', true), item('b', true)]
  kept.add(a)
  kept.add(b)
  expect(kept.add(item('c'))).toBe(a)
  expect(kept.add(item('d'))).toBe(b)
})
