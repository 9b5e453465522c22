import { describe, expect, test } from '@jest/globals'
import { fuzz } from '@postern/testing'
import fc from 'fast-check'
import { referenceChunked } from '../head/reference-parser.fixture.ts'
import { ChunkedDecoder } from './chunked-decoder.ts'

const LIMITS = { maxTrailerBytes: 64, maxTrailerCount: 3 }

function decode(text: string, cuts: readonly number[] = []) {
  const bytes = Buffer.from(text, 'latin1')
  const decoder = new ChunkedDecoder(LIMITS)
  let data = ''
  let at = 0
  const sink = {
    data: (from: Buffer, start: number, end: number) => void (data += from.toString('latin1', start, end)),
  }
  for (const end of [...cuts, bytes.length]) {
    if (end <= at || decoder.done || decoder.refused !== undefined) continue
    at = decoder.feed(bytes, at, end, sink)
  }
  if (decoder.refused !== undefined) return { refused: decoder.refused, data }
  if (!decoder.done) return { incomplete: true, data }
  const trailers: string[] = []
  decoder.trailers?.each((name, value) => trailers.push(`${name}: ${value}`))
  return { data, trailers, bytes: at }
}

describe('a chunked body', () => {
  test('is decoded, extensions dropped, trailers kept, and the next message left alone', () => {
    const text = '5\r\nhello\r\n1;a="b"\r\n!\r\n000\r\nX-Sum: 1\r\n\r\nGET /'
    expect(decode(text)).toEqual({ data: 'hello!', trailers: ['X-Sum: 1'], bytes: text.length - 5 })
  })

  test.each([
    ['no size', '\r\nhello'],
    ['a size with a sign', '+5\r\nhello\r\n0\r\n\r\n'],
    ['a size with 0x', '0x5\r\nhello\r\n0\r\n\r\n'],
    ['a size with an underscore', '5_0\r\n'],
    ['a blank behind the size', '5 \r\nhello\r\n0\r\n\r\n'],
    ['a blank before the size', ' 5\r\nhello\r\n0\r\n\r\n'],
    ['a bare LF behind the size', '5\nhello\r\n0\r\n\r\n'],
    ['a bare CR behind the size', '5\rXhello'],
    ['a bare LF in an extension', '5;a\nhello\r\n0\r\n\r\n'],
    ['a size of fourteen digits', '00000000000005\r\nhello\r\n0\r\n\r\n'],
    ['data that is longer than its size', '4\r\nhello\r\n0\r\n\r\n'],
    ['data that is shorter than its size', '6\r\nhello\r\n0\r\n\r\n'],
    ['a bare LF behind data', '5\r\nhello\n0\r\n\r\n'],
    ['an extension that is too long', `5;${'a'.repeat(300)}\r\nhello`],
    ['extensions that are too long together', `1;${'a'.repeat(200)}\r\nx\r\n`.repeat(90)],
    ['trailers that are too long', `0\r\nX: ${'a'.repeat(70)}\r\n\r\n`],
    ['too many trailers', '0\r\na:\r\nb:\r\nc:\r\nd:\r\n\r\n'],
    ['a folded trailer', '0\r\nX: a\r\n b\r\n\r\n'],
    ['a trailer with a bare LF', '0\r\nX: a\n\r\n'],
    ['a trailer with a blank before its colon', '0\r\nX : a\r\n\r\n'],
  ])('with %s is refused in every split', (_, text) => {
    const whole = decode(text)
    expect(whole).toHaveProperty('refused')
    const step = text.length > 1000 ? 211 : 1
    for (let cut = 0; cut <= text.length; cut += step) expect(decode(text, [cut])).toEqual(whole)
    expect(
      decode(
        text,
        [...text].map((__, i) => i),
      ),
    ).toEqual(whole)
  })

  test('random and mutated bodies are read as by the slow reference, in every split', async () => {
    const chunk = fc
      .tuple(
        fc.stringMatching(/^[a-z\r\n]{1,9}$/),
        fc.constantFrom('', ';x', ';x=y', ' ', ';\x01'),
        fc.constantFrom('', '0', '000'),
      )
      .map(([data, extension, zeros]) => `${zeros}${data.length.toString(16)}${extension}\r\n${data}\r\n`)
    const body = fc
      .tuple(
        fc.array(chunk, { maxLength: 4 }),
        fc.constantFrom('', 'X-A: b\r\n', 'X-A: b\r\nC:\r\n', 'X A: b\r\n'),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom('\r', '\n', '0', ';', '\r\n', 'f', '')), {
          maxLength: 2,
        }),
      )
      .map(([chunks, trailers, mutations]) => {
        let text = `${chunks.join('')}0\r\n${trailers}\r\nNEXT`
        for (const [where, what] of mutations) {
          const at = where % (text.length + 1)
          text = text.slice(0, at) + what + text.slice(what === '' ? at + 1 : at)
        }
        return text
      })
    await fuzz(
      'chunked bodies against the reference',
      fc.property(body, fc.array(fc.nat(), { maxLength: 3 }), (text, cuts) => {
        const whole = decode(text)
        const reference = referenceChunked(text)
        if (reference === 'refused') expect(whole).toHaveProperty('refused')
        else if (reference === 'incomplete') expect(whole).toHaveProperty('incomplete')
        else expect(whole).toMatchObject({ data: reference.data, bytes: reference.bytes })
        const ends = cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b)
        expect(decode(text, ends)).toEqual(whole)
        expect(
          decode(
            text,
            [...text].map((_, i) => i),
          ),
        ).toEqual(whole)
      }),
      1500,
    )
  })
})
