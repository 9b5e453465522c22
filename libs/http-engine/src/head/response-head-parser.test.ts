import { describe, expect, test } from '@jest/globals'
import { fuzz } from '@postern/testing'
import fc from 'fast-check'
import { ResponseHeadParser } from './response-head-parser.ts'

const LIMITS = { maxHeadBytes: 512, maxHeaderCount: 8, maxStartLineBytes: 512 }

function read(message: string, cuts: readonly number[] = []) {
  const bytes = Buffer.from(message, 'latin1')
  const parser = new ResponseHeadParser(LIMITS)
  parser.reset()
  for (const end of [...cuts, bytes.length]) {
    const progress = parser.parse(bytes, 0, end)
    if (progress === 'refused') return { refused: parser.refusal?.reason }
    if (progress === 'incomplete') continue
    const head = parser.take(bytes, 0, parser.at)
    const fields: string[] = []
    head.each((name, value) => fields.push(`${name}: ${value}`))
    return {
      status: parser.status,
      minor: parser.minor,
      line: head.text.slice(0, parser.lineEnd),
      fields,
      at: parser.at,
    }
  }
  return 'incomplete'
}

/** The slow twin: one regular expression. */
function reference(message: string) {
  const match =
    /^(HTTP\/1\.([01]) ([1-5]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?)\r\n((?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*\r\n)*)\r\n/.exec(
      message,
    )
  if (match === null) return undefined
  const [whole, line, minor, status, section = ''] = match
  const fields = section
    .split('\r\n')
    .filter((text) => text !== '')
    .map(
      (text) =>
        `${text.slice(0, text.indexOf(':'))}: ${text.slice(text.indexOf(':') + 1).replace(/^[\t ]+|[\t ]+$/g, '')}`,
    )
  return { status: Number(status), minor: Number(minor), line, fields, at: whole.length }
}

describe('a response head', () => {
  test.each([
    ['HTTP/1.1 200 OK\r\n\r\n', 200],
    ['HTTP/1.0 404 Not Found\r\nX: y\r\n\r\n', 404],
    ['HTTP/1.1 204 \r\n\r\n', 204],
    ['HTTP/1.1 503\r\n\r\n', 503],
    ['HTTP/1.1 200 \xe9t\xe9\r\n\r\n', 200],
  ])('%j is read in every split', (message, status) => {
    const whole = read(message)
    expect(whole).toMatchObject({ status })
    for (let cut = 0; cut <= message.length; cut++) expect(read(message, [cut])).toEqual(whole)
  })

  test('random and mutated heads are read as the slow reference reads them, in every split', async () => {
    const head = fc
      .tuple(
        fc.constantFrom(
          'HTTP/1.1 200 OK',
          'HTTP/1.0 500 ',
          'HTTP/1.1 304',
          'HTTP/1.1 99 X',
          'HTTP/1.1 600 X',
          'HTTP/2 200',
          'http/1.1 200 OK',
        ),
        fc.array(
          fc.constantFrom(
            'A: b',
            'Connection: keep-alive',
            'Connection: close, x',
            'Keep-Alive: timeout=5',
            'C:',
            ' d: e',
            'f : g',
          ),
          { maxLength: 3 },
        ),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom('\r', '\n', '\0', ' ', ':', '1', '\r\n', '')), {
          maxLength: 2,
        }),
      )
      .map(([line, fields, mutations]) => {
        let text = `${[line, ...fields].join('\r\n')}\r\n\r\n`
        for (const [where, what] of mutations) {
          const at = where % (text.length + 1)
          text = text.slice(0, at) + what + text.slice(what === '' ? at + 1 : at)
        }
        return text
      })
    await fuzz(
      'response heads against the reference, in every split',
      fc.property(head, (text) => {
        const whole = read(text)
        const expected = reference(text)
        if (expected === undefined) expect(whole).not.toHaveProperty('status')
        else expect(whole).toEqual(expected)
        expect(
          read(
            text,
            [...text].map((_, at) => at),
          ),
        ).toEqual(whole)
      }),
      1500,
    )
  })
})
