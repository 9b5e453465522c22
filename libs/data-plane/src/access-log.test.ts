import { expect, test } from '@jest/globals'
import { accessLineRoom, writeAccessLine } from './access-line.ts'
import { formatAccess, type AccessEntry } from './access-log.ts'

const entry: AccessEntry = {
  time: '2026-11-20T22:40:13.123Z',
  client: '192.0.2.1',
  method: 'GET',
  scheme: 'https',
  host: 'shop.example',
  path: '/a?b="\u001b[31m',
  httpVersion: '1.1',
  status: 200,
  bytes: 5,
  complete: true,
  durationMs: 1.25,
  route: 'default/shop/shop.example/',
  requestId: 'abc',
  backend: 'default/shop/80',
  endpoint: '192.0.2.10:8080',
}

test('json is one object per line', () => {
  const line = formatAccess(entry, 'json')
  expect(line).not.toContain('\n')
  expect(JSON.parse(line)).toEqual({ msg: 'access', ...entry })
})

test('json escapes as JSON.stringify does, and leaves out what is not known', () => {
  const texts = ['', '\u0000\n', 'é', '\ud800', '"', '\\', '\u007f', '\u2028', '[]~ !#']
  for (const text of texts) {
    const odd = { ...entry, path: text, userAgent: text, reason: text, stoppedBy: undefined, upstreamMs: 0.5 }
    expect(formatAccess(odd, 'json')).toBe(JSON.stringify(inOrder(odd)))
  }
})

test('times are written as numbers are', () => {
  for (const ms of [0, 0.01, 0.1, 0.5, 1, 1.05, 9.99, 10.2, 123456.78, 1e12 + 0.25, -1]) {
    const line = formatAccess({ ...entry, durationMs: ms, upstreamMs: ms }, 'json')
    expect(line).toContain(`"durationMs":${String(ms)},`)
    expect(JSON.parse(line)).toMatchObject({ durationMs: ms, upstreamMs: ms })
  }
})

test('no line is longer than the room asked for it, and nothing is written in front of it', () => {
  const worst = '\u001f'.repeat(200)
  const odd = { client: worst, method: worst, host: worst, path: worst, route: worst, requestId: worst }
  const rest = { backend: worst, endpoint: worst, stoppedBy: worst, reason: worst, userAgent: worst }
  for (const attempts of [1, 2, 1e9]) {
    const long = { ...entry, ...odd, ...rest, httpVersion: worst, attempts, upstreamMs: 1e21, bytes: 2 ** 53 }
    const room = accessLineRoom(long)
    const bytes = Buffer.alloc(10 + room + 10, 1)
    const end = writeAccessLine(long, bytes, 10)
    expect(end).toBeLessThanOrEqual(10 + room)
    expect([bytes[9], bytes[end]]).toEqual([1, 1])
    expect(JSON.parse(bytes.toString('utf8', 10, end))).toMatchObject({
      path: worst,
      endpoint: worst,
      attempts,
    })
  }
})

// The order of the line: what is always known comes first.
function inOrder({
  backend,
  endpoint,
  upstreamMs,
  stoppedBy,
  reason,
  userAgent,
  ...known
}: AccessEntry): object {
  return { msg: 'access', ...known, userAgent, backend, endpoint, upstreamMs, stoppedBy, reason }
}

test('common is the NCSA form, and nothing a client sent can break out of its quotes', () => {
  expect(formatAccess(entry, 'common')).toBe(
    '192.0.2.1 - - [20/Nov/2026:22:40:13 +0000] "GET /a?b=\\x22\\x1b[31m HTTP/1.1" 200 5',
  )
})

test('pretty shows where it went, or why it did not', () => {
  expect(formatAccess({ ...entry, path: '/' }, 'pretty')).toBe(
    '200 GET https://shop.example/ 1.3 ms default/shop/80 192.0.2.10:8080',
  )
  const { endpoint: _, backend: __, ...own } = entry
  expect(formatAccess({ ...own, path: '/', status: 403, reason: 'not on the allow list' }, 'pretty')).toMatch(
    /^403 .* not on the allow list$/,
  )
})
