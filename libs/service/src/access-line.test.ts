import { expect, test } from '@jest/globals'
import { accessLines } from './access-line.ts'

const record = {
  requestId: 'abc-1',
  method: 'GET',
  path: '/tasks',
  httpVersion: '1.1',
  status: 200,
  durationMs: 0.3,
  remote: '[::1]:40000',
  userAgent: 'curl/8',
}

test('an access line is what pino would have written', () => {
  const line = accessLines('tasks')(record, Date.UTC(2026, 10, 20))
  const expected = {
    level: 'info',
    time: '2026-11-20T00:00:00.000Z',
    name: 'tasks',
    ...record,
    msg: 'request',
  }
  expect(line).toBe(`${JSON.stringify(expected)}\n`)
})

test('what a client chooses can neither end the line nor add a member', () => {
  const hostile = { path: '/a"\n{', userAgent: '","status":500,"x":"\u2028\u001b\\' }
  const line = accessLines('a "quoted" name')({ ...record, ...hostile }, 0)
  expect(line.indexOf('\n')).toBe(line.length - 1)
  expect(JSON.parse(line)).toMatchObject({ ...hostile, status: 200, name: 'a "quoted" name' })
})

test('the time follows the clock', () => {
  const write = accessLines('x')
  const timeOf = (nowMs: number) => (JSON.parse(write(record, nowMs)) as { readonly time: string }).time
  expect([1, 1, 2].map(timeOf)).toEqual([
    '1970-01-01T00:00:00.001Z',
    '1970-01-01T00:00:00.001Z',
    '1970-01-01T00:00:00.002Z',
  ])
})
