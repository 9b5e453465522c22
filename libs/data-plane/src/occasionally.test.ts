import { expect, test } from '@jest/globals'
import { occasionally } from './occasionally.ts'

test('the same message is heard once in ten seconds, others at once', () => {
  let now = 0
  const heard: string[] = []
  const warn = occasionally((message) => heard.push(message), { now: () => now, date: () => new Date(now) })
  for (const message of ['a', 'a', 'b']) warn(message)
  now = 9_999
  warn('a')
  now = 10_000
  warn('a')
  expect(heard).toEqual(['a', 'b', 'a'])
})
