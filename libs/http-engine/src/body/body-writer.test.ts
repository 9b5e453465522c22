import { expect, test } from '@jest/globals'
import { Outbox } from '../wire/outbox.ts'
import { IDLE_OWNER, Wire } from '../wire/wire.ts'
import { BodyWriter, type OutFraming } from './body-writer.ts'

/** A wire that only remembers. */
class Recorded extends Wire {
  text = ''

  constructor() {
    super(IDLE_OWNER, new Outbox())
  }

  override write(text: string): void {
    this.text += text
  }

  override writeSpan(prefix: string, bytes: Buffer, start: number, end: number): void {
    this.text += prefix + bytes.toString('latin1', start, end)
  }
}

function written(framing: OutFraming, pieces: readonly string[]): string {
  const wire = new Recorded()
  const writer = new BodyWriter(wire, new Recorded(), framing, 'HEAD|')
  for (const piece of pieces) writer.data(Buffer.from(piece, 'latin1'), 0, piece.length)
  expect(writer.bytes).toBe(framing === 'none' ? 0 : pieces.join('').length)
  writer.finish('')
  return wire.text
}

const LARGE = 'x'.repeat(5_000)

test.each<readonly [OutFraming, readonly string[], string]>([
  ['chunked', ['a', 'b', '\xff', 'cde'], 'HEAD|6\r\nab\xffcde\r\n0\r\n\r\n'],
  ['chunked', ['a', LARGE, 'b', 'c'], `HEAD|1\r\na\r\n1388\r\n${LARGE}\r\n2\r\nbc\r\n0\r\n\r\n`],
  ['chunked', [LARGE, LARGE], `HEAD|1388\r\n${LARGE}\r\n1388\r\n${LARGE}\r\n0\r\n\r\n`],
  ['chunked', [], 'HEAD|0\r\n\r\n'],
  ['length', ['a', LARGE, 'b'], `HEAD|a${LARGE}b`],
  ['close', ['a', 'b'], 'HEAD|ab'],
  ['none', ['a', LARGE], 'HEAD|'],
])('%s: small pieces become one (%#)', (framing, pieces, expected) => {
  expect(written(framing, pieces)).toBe(expected)
})

test('many small pieces leave before they are all there', () => {
  const wire = new Recorded()
  const writer = new BodyWriter(wire, new Recorded(), 'chunked', '')
  for (let i = 0; i < 20_000; i++) writer.data(Buffer.from('x'), 0, 1)
  expect(wire.text).toMatch(/^4001\r\nx{16385}\r\n$/)
})
