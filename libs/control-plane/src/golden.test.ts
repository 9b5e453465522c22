import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { compileManifests } from './compile-manifests.ts'
import { formatDiagnostic } from './diagnostic.ts'
import { DEFAULT_COMPILE_SETTINGS, type CompileSettings } from './settings.ts'
import { parseYaml } from './source/parse-yaml.ts'

// A case is one file: settings in its first line (`# settings: {…}`), manifests below. What comes out stands beside it.
// UPDATE_GOLDEN=1 writes the outcome anew; the reviewer reads the difference.
const folder = join(import.meta.dirname, '..', 'testdata')
const update = process.env['UPDATE_GOLDEN'] === '1'
const cases = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.in.yaml'))
  .map((name) => name.slice(0, -'.in.yaml'.length))
  .sort()

describe('golden cases', () => {
  test.each(cases)('%s', (name) => {
    const text = readFileSync(join(folder, `${name}.in.yaml`), 'utf8')
    const { table, diagnostics } = compileCase(text, `${name}.in.yaml`)
    compare(`${name}.table.json`, `${JSON.stringify(table, undefined, 2)}\n`)
    compare(`${name}.diagnostics.txt`, diagnostics.map((line) => `${line}\n`).join(''))
  })

  test('there are cases', () => {
    expect(cases.length).toBeGreaterThan(20)
  })
})

function compileCase(text: string, file: string) {
  const { value, diagnostics } = parseYaml(text, file.replaceAll('\\', '/'))
  const set = { manifests: value, diagnostics }
  const settings = settingsOf(text)
  const first = compileManifests(set, settings)
  // The same input gives the same bytes, whoever compiles.
  expect(JSON.stringify(compileManifests(set, settings).table)).toBe(JSON.stringify(first.table))
  return { table: first.table, diagnostics: first.diagnostics.map(formatDiagnostic) }
}

function settingsOf(text: string): CompileSettings {
  const given = /^# settings: (\{.*\})$/m.exec(text)?.[1] ?? '{}'
  return { ...DEFAULT_COMPILE_SETTINGS, ...(JSON.parse(given) as Partial<CompileSettings>) }
}

function compare(name: string, actual: string): void {
  const path = join(folder, name)
  if (update) writeFileSync(path, actual)
  expect(actual).toBe(readFileSync(path, 'utf8'))
}
