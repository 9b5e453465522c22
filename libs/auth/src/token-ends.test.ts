import { expect, test } from '@jest/globals'
import { createTokenEnds, type TokenEndList } from './token-ends.ts'

let answer: () => Promise<TokenEndList>
const start = () => {
  const changes: unknown[] = []
  const ends = createTokenEnds({ load: () => answer(), onChange: (error) => void changes.push(error) })
  const isOver = (uid: string, issuedAtMs: number, sessionId?: string) =>
    ends.isOver({ principal: { uid }, issuedAtMs, ...(sessionId !== undefined && { sessionId }) })
  return { refresh: ends.refresh, isOver, changes }
}
const nothing = { accounts: [], sessions: [] }
const accountEnded = { ...nothing, accounts: [{ uid: 'u7', endedAtMs: 100 }] }

test('a token from before the end of its account is over, a later one and those of others are not', async () => {
  const { refresh, isOver, changes } = start()
  expect(isOver('u7', 100)).toBe(false)
  answer = async () => accountEnded
  await refresh()
  expect([99, 100, 101].map((issuedAtMs) => isOver('u7', issuedAtMs))).toEqual([true, true, false])
  expect(isOver('u8', 1)).toBe(false)
  // Until the issuer forgets it, because no token can be as old.
  answer = async () => nothing
  await refresh()
  expect(isOver('u7', 100)).toBe(false)
  expect(changes).toEqual([])
})

test('a token of an ended session is over whenever it was made, those of other sessions and of none are not', async () => {
  const { refresh, isOver } = start()
  answer = async () => ({ ...nothing, sessions: ['s1'] })
  await refresh()
  expect([isOver('u7', 1, 's1'), isOver('u7', 1e15, 's1')]).toEqual([true, true])
  expect([isOver('u7', 1, 's2'), isOver('u7', 1)]).toEqual([false, false])
})

test('the last list holds while the issuer is silent, which is told once, and once that it is back', async () => {
  const { refresh, isOver, changes } = start()
  answer = async () => ({ ...accountEnded, sessions: ['s1'] })
  await refresh()
  const silence = new Error('no answer')
  answer = () => Promise.reject(silence)
  await refresh()
  await refresh()
  expect([isOver('u7', 100), isOver('u8', 100, 's1')]).toEqual([true, true])
  answer = async () => nothing
  await refresh()
  await refresh()
  expect(changes).toEqual([silence, undefined])
})
