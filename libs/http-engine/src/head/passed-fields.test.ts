import { expect, test } from '@jest/globals'
import { ChunkedDecoder } from '../body/chunked-decoder.ts'
import { FieldEdits } from './field-edits.ts'
import { passedTrailers } from './passed-fields.ts'

const edits = new FieldEdits()
edits.set('X-Request-ID', '1')
edits.remove('X-User')

function passed(...lines: readonly string[]): string {
  const decoder = new ChunkedDecoder({ maxTrailerBytes: 1_024, maxTrailerCount: 10 })
  const bytes = Buffer.from(['0', ...lines, '', ''].join('\r\n'), 'latin1')
  decoder.feed(bytes, 0, bytes.length, { data: () => undefined })
  expect(decoder.done).toBe(true)
  return passedTrailers(decoder.trailers, edits)
}

test('trailers that mean something behind the body go on as they came', () => {
  expect(passed('X-Sum: 42', 'Server-Timing:\tdb;dur=5 ', 'Grpc-Status: 0')).toBe(
    'X-Sum: 42\r\nServer-Timing: db;dur=5\r\nGrpc-Status: 0\r\n',
  )
})

// RFC 9110 §6.5.1, and what an upstream that folds trailers into the head would believe.
test.each([
  'Host: b',
  'Content-Length: 5',
  'Transfer-Encoding: chunked',
  'Authorization: Basic eA==',
  'COOKIE: a=b',
  'Set-Cookie: a=b',
  'X-Forwarded-For: 192.0.2.1',
  'Forwarded: for=192.0.2.1',
  'X-Real-IP: 192.0.2.1',
  'X_Real_IP: 192.0.2.1',
  'ssl_client_verify: SUCCESS',
  'x-request-id: what an edit sets',
  'X-User: what an edit removes',
])('%s is no trailer', (line) => {
  expect(passed(line, 'X-Sum: 42')).toBe('X-Sum: 42\r\n')
})
