import { applyEach, HeaderBlock } from '@postern/exchange'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { FieldEdits } from './field-edits.ts'

const NAMES = ['X-Real-IP', 'x-real-ip', 'X-Forwarded-For', 'Proxy', 'X-Other', `X-${'long-'.repeat(9)}name`]

const name = fc.constantFrom(...NAMES)
const value = fc.constantFrom('1', 'two', '')
const lower = fc.uniqueArray(fc.constantFrom(...NAMES.map((one) => one.toLowerCase())))
const block = fc.tuple(lower, value).map(
  ([names, text]) =>
    new HeaderBlock(
      names,
      names.slice(0, 2).map((one) => [one, text]),
    ),
)
const step = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), name, value }),
  fc.record({ kind: fc.constant('add' as const), name, value }),
  fc.record({ kind: fc.constant('remove' as const), name }),
  fc.record({ kind: fc.constant('apply' as const), block }),
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

function edit(steps: readonly Step[], apply: (edits: FieldEdits, block: HeaderBlock) => void): FieldEdits {
  const edits = new FieldEdits()
  for (const one of steps) {
    if (one.kind === 'apply') apply(edits, one.block)
    else if (one.kind === 'remove') edits.remove(one.name)
    else edits[one.kind](one.name, one.value)
  }
  return edits
}

// Lines of different names may change places; those of one name may not.
function linesByName(edits: FieldEdits): Record<string, string[]> {
  const lines: Record<string, string[]> = {}
  for (const line of edits.lines().split('\r\n').slice(0, -1))
    (lines[(line.split(':')[0] ?? '').toLowerCase()] ??= []).push(line)
  return lines
}

test('a block says what its edits say, one after the other, whatever comes before and after it', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
      const blocks = edit(steps, (edits, one) => edits.apply(one))
      const singles = edit(steps, applyEach)
      expect(linesByName(blocks)).toEqual(linesByName(singles))
      for (const one of [...NAMES, 'X-Real-IQ', 'X-Nothing']) {
        expect(blocks.has(one)).toBe(singles.has(one))
        expect(blocks.replaces(one, 0, one.length)).toBe(singles.replaces(one, 0, one.length))
      }
    }),
  )
})

test('whoever reads the edits sees those of a block', () => {
  const edits = new FieldEdits()
  edits.set('X-Other', '0')
  edits.apply(new HeaderBlock(['proxy', 'x-real-ip'], [['X-Real-IP', '192.0.2.1']]))
  const seen: unknown[] = []
  edits.each((...one) => seen.push(one))
  expect(seen).toEqual(
    expect.arrayContaining([
      ['remove', 'proxy', undefined],
      ['set', 'X-Real-IP', '192.0.2.1'],
      ['set', 'X-Other', '0'],
    ]),
  )
})

test('a value that would break the message in two is refused, also in a block', () => {
  const bad = new HeaderBlock(['x-a'], [['X-A', '1\r\nX-B: 2']])
  expect(() => new FieldEdits().apply(bad)).toThrow(/control character/)
})
