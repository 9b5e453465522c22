import { expect, test } from '@jest/globals'
import { STATUS_CODES } from 'node:http'
import { statusLine } from './reasons.ts'

// Some small WebSocket clients compare the whole line.
test.each([101, 200, 308, 404, 503])('%d has its registered reason', (status) => {
  expect(statusLine(status)).toBe(`HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? '?'}\r\n`)
})

test('an unknown status keeps the blank that the grammar wants', () => {
  expect(statusLine(599)).toBe('HTTP/1.1 599 \r\n')
})
