import { expect, test } from '@jest/globals'
import { createAccountEnds, type AccountEnd } from './account-ends.ts'

let answer: () => Promise<readonly AccountEnd[]>
const start = () => {
  const changes: unknown[] = []
  const ends = createAccountEnds({ load: () => answer(), onChange: (error) => void changes.push(error) })
  return { ends, changes }
}

test('a token from before the end of its account is over, a later one and those of others are not', async () => {
  const { ends, changes } = start()
  expect(ends.isOver('u7', 100)).toBe(false)
  answer = async () => [{ uid: 'u7', endedAtMs: 100 }]
  await ends.refresh()
  expect([99, 100, 101].map((issuedAtMs) => ends.isOver('u7', issuedAtMs))).toEqual([true, true, false])
  expect(ends.isOver('u8', 1)).toBe(false)
  // Until the issuer forgets it, because no token can be as old.
  answer = async () => []
  await ends.refresh()
  expect(ends.isOver('u7', 100)).toBe(false)
  expect(changes).toEqual([])
})

test('the last list holds while the issuer is silent, which is told once, and once that it is back', async () => {
  const { ends, changes } = start()
  answer = async () => [{ uid: 'u7', endedAtMs: 100 }]
  await ends.refresh()
  const silence = new Error('no answer')
  answer = () => Promise.reject(silence)
  await ends.refresh()
  await ends.refresh()
  expect(ends.isOver('u7', 100)).toBe(true)
  answer = async () => []
  await ends.refresh()
  await ends.refresh()
  expect(changes).toEqual([silence, undefined])
})
