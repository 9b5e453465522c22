import { describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEFAULT_COMPILE_SETTINGS, parseYaml } from '@postern/control-plane'
import { check } from './check.ts'

const FOLDER = join(import.meta.dirname, '../../testdata/planted')
const NOW = new Date('2026-11-20T00:00:00Z')

// Each file plants faults; `# expect code` stands on the line where the finding belongs.
describe('check finds each planted fault at its line, and nothing else', () => {
  test.each(readdirSync(FOLDER).sort())('%s', (file) => {
    const text = readFileSync(join(FOLDER, file), 'utf8')
    const { value, diagnostics } = parseYaml(text, file)
    const found = check({ manifests: value, diagnostics }, DEFAULT_COMPILE_SETTINGS, NOW)
    const expected = text
      .split('\n')
      .flatMap((line, index) =>
        [...line.matchAll(/# expect ([\w-]+)/g)].map((m) => `${String(index + 1)} ${m[1] ?? ''}`),
      )
    // What is merely good to know may stand beside a fault without being named.
    const told = found
      .map(({ line, code, severity }) => ({ severity, at: `${String(line)} ${code}` }))
      .filter(({ severity, at }) => severity !== 'info' || expected.includes(at))
    expect(told.map(({ at }) => at)).toEqual(expected)
  })
})
