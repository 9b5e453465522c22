import { describe, expect, test } from '@jest/globals'
import { fuzz } from '@postern/testing'
import fc from 'fast-check'
import type { HeadLimits } from './head-parser.ts'
import { referenceRequest } from './reference-parser.fixture.ts'
import { RequestHeadParser } from './request-head-parser.ts'

const LIMITS: HeadLimits = { maxHeadBytes: 1024, maxHeaderCount: 16, maxStartLineBytes: 256 }

interface Reading {
  readonly progress: string
  readonly status?: number | undefined
  readonly reason?: string | undefined
  readonly head?: unknown
}

/** Feeds the message in the given pieces, each call with everything so far, as a connection does. */
function read(message: string, cuts: readonly number[] = []): Reading {
  const bytes = Buffer.from(`##${message}`, 'latin1')
  const parser = new RequestHeadParser(LIMITS)
  parser.reset()
  for (const end of [...cuts, message.length]) {
    const progress = parser.parse(bytes, 2, 2 + end)
    if (progress === 'refused') return { progress, ...parser.refusal }
    if (progress === 'complete') {
      const head = parser.take(bytes, 2, 2 + parser.at)
      const fields: [string, string][] = []
      head.each((name, value) => fields.push([name, value]))
      const method = head.text.slice(parser.methodStart, parser.methodEnd)
      const target = head.text.slice(parser.targetStart, parser.targetEnd)
      return { progress, head: { method, target, minor: parser.minor, fields, headBytes: parser.at } }
    }
  }
  return { progress: 'incomplete' }
}

const get = (...lines: string[]) => ['GET / HTTP/1.1', 'Host: a', ...lines, '', ''].join('\r\n')

describe('a request head', () => {
  test('is read with its fields in order, white space around values removed', () => {
    expect(
      read('\r\nPOST /a?b=c HTTP/1.1\r\nHost:  a.example \r\nX-Empty:\r\nx-two: 1,\t2\t\r\n\r\n').head,
    ).toEqual({
      method: 'POST',
      target: '/a?b=c',
      minor: 1,
      fields: [
        ['Host', 'a.example'],
        ['X-Empty', ''],
        ['x-two', '1,\t2'],
      ],
      headBytes: 69,
    })
  })

  test.each([
    ['bare LF after the request line', 'GET / HTTP/1.1\nHost: a\r\n\r\n', 400],
    ['bare LF after a field', 'GET / HTTP/1.1\r\nHost: a\n\r\n', 400],
    ['bare CR in a value', get('X: a\rb'), 400],
    ['bare CR instead of the empty line', 'GET / HTTP/1.1\r\nHost: a\r\n\rX', 400],
    ['a folded line', get('X: a', ' b'), 400],
    ['a folded line with a tab', get('X: a', '\tb'), 400],
    ['a first line that begins with a space', 'GET / HTTP/1.1\r\n Host: a\r\n\r\n', 400],
    ['NUL in a value', get('X: a\0b'), 400],
    ['NUL in a name', get('X\0: a'), 400],
    ['DEL in a value', get('X: \x7f'), 400],
    ['a space before a colon', get('X : a'), 400],
    ['a tab before a colon', get('X\t: a'), 400],
    ['a line without a colon', get('X'), 400],
    ['an empty name', get(': a'), 400],
    ['a name beyond ASCII', get('X\xe9: a'), 400],
    ['two Hosts', get('Host: b'), 400],
    ['two equal Hosts', get('host: a'), 400],
    ['no Host in HTTP/1.1', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['Content-Length with Transfer-Encoding', get('Content-Length: 1', 'Transfer-Encoding: chunked'), 400],
    ['two lengths', get('Content-Length: 1', 'Content-Length: 2'), 400],
    ['two equal lengths', get('Content-Length: 1', 'Content-Length: 1'), 400],
    ['a list of lengths', get('Content-Length: 1, 1'), 400],
    ['a signed length', get('Content-Length: +1'), 400],
    ['a negative length', get('Content-Length: -1'), 400],
    ['a hexadecimal length', get('Content-Length: 0x1'), 400],
    ['a length with a blank inside', get('Content-Length: 1 1'), 400],
    ['an empty length', get('Content-Length:'), 400],
    ['a length beyond 2^53', get('Content-Length: 99999999999999999999'), 400],
    ['gzip as transfer coding', get('Transfer-Encoding: gzip'), 400],
    ['chunked behind gzip', get('Transfer-Encoding: gzip, chunked'), 501],
    ['chunked twice', get('Transfer-Encoding: chunked, chunked'), 400],
    ['two Transfer-Encodings', get('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'), 400],
    ['identity', get('Transfer-Encoding: identity'), 400],
    ['an obfuscated coding', get('Transfer-Encoding: \x0bchunked'), 400],
    ['a quoted coding', get('Transfer-Encoding: "chunked"'), 400],
    ['Transfer-Encoding in HTTP/1.0', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
    ['a lower-case version', 'GET / http/1.1\r\nHost: a\r\n\r\n', 400],
    ['HTTP/1.2', 'GET / HTTP/1.2\r\nHost: a\r\n\r\n', 505],
    ['HTTP/2.0', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', 400],
    ['HTTP/1.10', 'GET / HTTP/1.10\r\nHost: a\r\n\r\n', 400],
    ['HTTP/0.9', 'GET /\r\n\r\n', 400],
    ['two spaces before the target', 'GET  / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['two spaces before the version', 'GET /  HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['a space behind the version', 'GET / HTTP/1.1 \r\nHost: a\r\n\r\n', 400],
    ['a tab as separator', 'GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['a control byte in the target', 'GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['raw UTF-8 in the target', 'GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['a fragment in the target', 'GET /#x HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['a method with a slash', 'GE/T / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['a TLS hello on a plain port', '\x16\x03\x01\x02\0\x01\0', 400],
    ['an expectation other than 100-continue', get('Expect: 200-ok'), 417],
    ['two empty lines in front', '\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['a request line over its limit', `GET /${'a'.repeat(300)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
    ['too many fields', get(...Array.from({ length: 16 }, (_, i) => `X${String(i)}: a`)), 431],
    ['too many names in Connection', get(`Connection: ${'a,'.repeat(101)}`), 431],
    ['a head over its limit', get(`X: ${'a'.repeat(1100)}`), 431],
  ])('with %s is refused', (_, message, status) => {
    const whole = read(message)
    expect(whole).toMatchObject({ progress: 'refused', status })
    for (let cut = 0; cut <= message.length; cut++) expect(read(message, [cut])).toEqual(whole)
    expect(
      read(
        message,
        [...message].map((__, i) => i),
      ),
    ).toEqual(whole)
  })

  test('as many names in Connection as are allowed, in any number of lines', () => {
    const names = Array.from({ length: 50 }, () => 'a').join(', ,')
    expect(read(get(`Connection: ${names}`, `Connection: close, ${names}`)).progress).toBe('complete')
    expect(read(get(`Connection: ${names}`, `Connection: b, ${names}`))).toMatchObject({ status: 431 })
  })

  test('a method that never ends is refused long before the limits', () => {
    expect(read('A'.repeat(40))).toMatchObject({ progress: 'refused', status: 400 })
  })
})

const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/)
const field = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(token, fc.stringMatching(/^[\t\x20-\x7e]{0,20}$/)).map(([n, v]) => `${n}:${v}`),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'Host: b',
      'Content-Length: 3',
      'content-length:  12\t',
      'Transfer-Encoding: chunked',
      'Transfer-Encoding: Chunked ',
      'Connection: close, x',
      'Expect: 100-Continue',
      'Content-Length: +3',
      'TE: trailers',
      'Upgrade: websocket',
      'X : y',
      ' folded',
    ),
  },
)
const message = fc
  .tuple(
    fc.constantFrom('GET', 'POST', 'x-y', 'G ET', 'G\x80T'),
    fc.constantFrom('/', '/a?b#c', '*', 'http://u@h/', '/\xff', '/%zz', ''),
    fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/1.1 ', 'HTTP/2.0'),
    fc.array(field, { maxLength: 5 }),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom('\r', '\n', '\0', ' ', ':', '\r\n', 'x', '\x80', '')), {
      maxLength: 2,
    }),
  )
  .map(([method, target, version, fields, mutations]) => {
    let text = `${[`${method} ${target} ${version}`, 'Host: a', ...fields].join('\r\n')}\r\n\r\n`
    for (const [where, what] of mutations) {
      const at = where % (text.length + 1)
      text = text.slice(0, at) + what + text.slice(what === '' ? at + 1 : at)
    }
    return text
  })

describe('random and mutated heads', () => {
  test('are read as the slow reference parser reads them', async () => {
    await fuzz(
      'request heads against the reference',
      fc.property(message, (text) => {
        const ours = read(text)
        const reference = referenceRequest(text)
        if (reference === 'refused') expect(ours.progress).not.toBe('complete')
        else expect(ours.head).toEqual(reference)
      }),
      3000,
    )
  })

  test('are read alike in every split', async () => {
    await fuzz(
      'request heads in every split',
      fc.property(message, fc.array(fc.nat(), { maxLength: 4 }), (text, cuts) => {
        const whole = read(text)
        const ends = cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b)
        expect(read(text, ends)).toEqual(whole)
        expect(
          read(
            text,
            [...text].map((_, i) => i),
          ),
        ).toEqual(whole)
      }),
      400,
    )
  })
})
