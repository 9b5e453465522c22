import { expect, test } from '@jest/globals'
import { commonLine } from './common-log.ts'

const access = {
  level: 'info',
  time: '2026-11-20T22:00:00.000Z',
  msg: 'request',
  method: 'GET',
  path: '/secure',
  httpVersion: '1.1',
  status: 200,
  remote: '127.0.0.1:40000',
  userAgent: 'curl/7.88.1',
}

test('S4.17 the access line of the lab', () => {
  expect(commonLine(JSON.stringify(access))).toBe(
    '127.0.0.1:40000 - - [Fri, 20 Nov 2026 22:00:00 UTC] "GET /secure HTTP/1.1" curl/7.88.1',
  )
})

test('a client cannot end the line or move the cursor', () => {
  expect(commonLine(JSON.stringify({ ...access, userAgent: 'a\r\nb\u001b[2J' }))).toMatch(/" a\?\?b\?\[2J$/)
})

test('S4.16 other lines as Go’s log package writes them', () => {
  const line = { time: access.time, level: 'info', msg: 'Starting server...' }
  expect(commonLine(JSON.stringify(line))).toBe('2026/11/20 22:00:00 Starting server...')
  expect(commonLine(JSON.stringify({ ...line, level: 'error', msg: 'x', err: { message: 'why' } }))).toBe(
    '2026/11/20 22:00:00 ERROR x: why',
  )
})
