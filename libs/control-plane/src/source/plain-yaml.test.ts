import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { FieldPath, Manifest } from '../manifest.ts'
import { parseAnyYaml, parseYaml } from './parse-yaml.ts'
import { readPlainYaml } from './plain-yaml.ts'

const ROOT = join(import.meta.dirname, '../../../..')
const FILES = globSync('{ingress,deploy,libs/control-plane/testdata,libs/explain/testdata}/**/*.yaml', {
  cwd: ROOT,
})
const TEXTS = FILES.sort().map((file) => readFileSync(join(ROOT, file), 'utf8'))

// For a long run: POSTERN_YAML_EDITS=100000 POSTERN_YAML_SEED=8.
const EDITS = Number(process.env['POSTERN_YAML_EDITS'] ?? 1_000)

/** All that a reader says of a text: the objects, and where each field stands. */
function reading(manifests: readonly Manifest[]): string {
  const all = manifests.map(({ content, at }) => [
    content,
    pathsOf(content).map((path) => [path, at?.(path)]),
  ])
  return JSON.stringify(all, null, 1)
}

function pathsOf(value: unknown, base: FieldPath = []): readonly FieldPath[] {
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((item, index) => [index, item] as const)
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
      : []
  return [base, [...base, 'gone'], ...entries.flatMap(([key, own]) => pathsOf(own, [...base, key]))]
}

/** Whether the quick reader answered; then both have said the same. */
function agree(text: string): boolean {
  if (readPlainYaml(text) === undefined) return false
  const [quick, full] = [parseYaml(text, 'f'), parseAnyYaml(text, 'f')]
  expect(full.diagnostics).toEqual([])
  const [one, other] = [reading(quick.value), reading(full.value)]
  if (one !== other) expect(one).toBe(other)
  return true
}

test('most manifests as people write them are read by the quick reader, and all the same', () => {
  const answered = TEXTS.filter(agree).length
  expect(answered).toBeGreaterThan(TEXTS.length * 0.8)
})

describe('a form', () => {
  test.each([
    ['items as deep as their key', 'kind: A\nlist:\n- 1\n- b: c\n  d: e\nlast: x\n'],
    ['items deeper than their key', 'kind: A\nlist:\n    - 1\n    -   b: c\n        d: e\n'],
    ['flow on one line', 'kind: A\nx: {a: [1, b, \'c d\'], d: {e: "f"}, g: []} # why\n'],
    ['words that are no text', 'kind: A\na: true\nb: Null\nc: ~\nd: 10.0.0.1\ne: -5\nf: yes\ng: 08:00\n'],
    ['quotes', 'kind: A\na: \'it\'\'s: #1\'\nb: "c:\\n\\"d\\"" # e\n\'f g\': h\n"i:j": k\n'],
    [
      'a literal block',
      'kind: A\ndata:\n  f: |\n    a: b\n\n      # c\n    d \n\n  g: |-\n    e\n# z\n  h: 1\n',
    ],
    ['documents', '# one\n---\nkind: A\n---\n# nothing\n---\n---\nkind: B\n'],
    ['comments and colons', 'kind: A # b\nc: http://d/#e\nf: g#h\ni:   # j\n  k: l\n'],
    ['no break at the end', 'kind: A\na: |\n  b'],
    ['a List', 'kind: List\nitems:\n- kind: A\n  b: 1\n- kind: C\n'],
  ])('%s', (_, text) => {
    expect(agree(text)).toBe(true)
  })

  test.each([
    ['an anchor', 'a: &b c\n'],
    ['an alias', 'a: *b\n'],
    ['a tag', 'a: !!str 1\n'],
    ['merging', '<<: {a: b}\n'],
    ['a folded block', 'a: >\n  b\n'],
    ['a tab', 'a:\tb\n'],
    ['carriage returns', 'a: b\r\n'],
    ['a key twice', 'a: b\na: c\n'],
    ['a scalar of two lines', 'a: b\n  c\n'],
    ['a quoted scalar of two lines', 'a: "b\n  c"\n'],
    ['a mapping in a scalar', 'a: b: c\n'],
    ['an octal number', 'a: 0o17\n'],
    ['an exponent', 'a: 1e3\n'],
    ['a number too long', 'a: 12345678901234567\n'],
    ['a key that is a number', '80: a\n'],
    ['a key that only looks like one', "'80': a\nb: c\n"],
    ['a dangerous key', '__proto__: {a: b}\n'],
    ['an uneven line', 'a:\n    b: c\n  d: e\n'],
    ['the end of documents', 'a: b\n...\n'],
    ['no value', 'a:\nb: c\n'],
    ['a well without end', `a: ${'['.repeat(100_000)}\n`],
  ])('%s is left to the full reader', (_, text) => {
    expect(readPlainYaml(text)).toBeUndefined()
  })
})

test('after any edit the quick reader says the same as the full one, or nothing', () => {
  const random = lcg(Number(process.env['POSTERN_YAML_SEED'] ?? 7))
  let answered = 0
  for (let round = 0; round < EDITS; round++) {
    let text = TEXTS[random(TEXTS.length)] ?? ''
    if (text.length > 4_000) text = text.slice(0, text.indexOf('\n', 2_000) + 1)
    for (let edits = 1 + random(3); edits > 0; edits--) text = edit(text, random)
    try {
      if (agree(text)) answered += 1
    } catch (error) {
      throw new Error(`round ${String(round)}:\n${text}`, { cause: error })
    }
  }
  expect(answered).toBeGreaterThan(EDITS / 20)
}, 600_000)

const PIECES = [...' \n:-#\'"{}[],&*!|>%@`?~.0181eEx+_\\/ab', '  ', ': ', ' #', '- ', '\n\n', '\n  ', '---\n']
PIECES.push('...\n', '|\n', '|-\n', '""', "''", '{}', '[]', 'null', 'true', '.5', '1e3', '0x1F', '<<: ', 'é')

function edit(text: string, random: (below: number) => number): string {
  const at = random(text.length + 1)
  const piece = PIECES[random(PIECES.length)] ?? ''
  const lines = text.split('\n')
  const line = random(lines.length)
  switch (random(6)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1 + random(3))
    case 1:
      return lines.toSpliced(line, 1).join('\n')
    case 2:
      return lines.toSpliced(line, 0, lines[random(lines.length)] ?? '').join('\n')
    case 3:
      return lines.with(line, ' '.repeat(random(4)) + (lines[line] ?? '').trimStart()).join('\n')
    case 4:
      return text.slice(0, at) + piece + text.slice(at + piece.length)
    default:
      return text.slice(0, at) + piece + text.slice(at)
  }
}

/** Numbers from 0, the same for the same seed (Numerical Recipes' constants). */
function lcg(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
