// Tests are named after the ids of docs/contract.md. Here the two are held together.
import { describe, expect, test } from '@jest/globals'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const ID = /\b(?:[VDW]\d{1,2}|S[0-4]\.\d{1,2})\b/g

/** Ids at the beginning of a quoted text, as in `test('V4 V5 a task …'`, by the file that holds them. */
function idsInTests(pattern: string): ReadonlyMap<string, readonly string[]> {
  const files = globSync(
    ['apps', 'libs', 'tools', 'certs', 'deploy', 'bench'].map((folder) => `${folder}/**/${pattern}`),
    {
      cwd: root,
      exclude: ['**/node_modules/**', '**/dist/**'],
    },
  )
  const byId = new Map<string, string[]>()
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8')
    for (const [, ids = ''] of text.matchAll(/['"`]((?:(?:[VDW]\d{1,2}|S[0-4]\.\d{1,2})[\s,:/–-]*)+)/g))
      for (const id of ids.match(ID) ?? []) byId.set(id, [...(byId.get(id) ?? []), file])
  }
  return byId
}

const range = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `V${from + at}`)

const rows = new Set(
  readFileSync(join(root, 'docs/contract.md'), 'utf8')
    .split('\n')
    .flatMap((line) => /^\| ([VDWS][\d.]+) \|/.exec(line)?.[1] ?? []),
)
const plain = idsInTests('*.{test,cases}.ts')
const e2e = idsInTests('*.{e2e,e2e.cases}.ts')
const discovery = idsInTests('discovery/matrix.ts')

describe('docs/contract.md', () => {
  test('has a row for every id that a test is named after', () => {
    const unknown = [...plain, ...e2e]
      .filter(([id]) => !rows.has(id))
      .map(([id, files]) => `${id} in ${files[0] ?? ''}`)
    expect(unknown).toEqual([])
  })

  const inNpmTest = [...range(2, 12), ...range(21, 28), 'V31', 'V32', ...range(36, 38), ...range(40, 48)]
  test.each(inNpmTest)('%s is a test that needs only Node', (id) => {
    expect(plain.get(id) ?? []).not.toEqual([])
  })

  test.each(range(13, 20))('%s is one of the discovery cases', (id) => {
    expect(discovery.get(id) ?? []).not.toEqual([])
  })
})
