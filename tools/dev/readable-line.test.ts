import { expect, test } from '@jest/globals'
import { stripVTControlCharacters } from 'node:util'
import { readableLine } from './readable-line.ts'

const read = (entry: unknown): string =>
  stripVTControlCharacters(readableLine(typeof entry === 'string' ? entry : JSON.stringify(entry)))

test.each([
  ['a message', { level: 'info', time: 'x', name: 'users', msg: 'Starting server...' }, 'Starting server...'],
  ['a warning', { level: 'warn', msg: 'demo mode is on' }, 'warning: demo mode is on'],
  [
    'what else it says',
    { level: 'error', msg: 'lost', code: 'ECONNREFUSED' },
    'error: lost code=ECONNREFUSED',
  ],
  [
    'a request',
    { msg: 'request', method: 'GET', path: '/tasks', status: 200, durationMs: 1.5, requestId: 'r1' },
    'GET /tasks 200 1.5 ms',
  ],
  [
    'a request at the gateway',
    { method: 'GET', host: 'lab.localhost', path: '/', status: 200, durationMs: 2, route: 'default/lab/0/1' },
    'GET lab.localhost/ 200 2 ms route=default/lab/0/1',
  ],
])('%s', (_what, entry, expected) => {
  expect(read(entry)).toBe(expected)
})

test('a line that is no JSON object stays as it is', () => {
  for (const line of ['Error: boom', '    at main.ts:3', '{ half', '']) expect(read(line)).toBe(line)
})
