import { expect, test } from '@jest/globals'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEFAULT_COMPILE_SETTINGS, formatDiagnostic, parseYaml } from '@postern/control-plane'
import { check } from './check.ts'

const TESTDATA = join(import.meta.dirname, '../../testdata')
const GOLDEN = join(TESTDATA, 'charts.findings.txt')
const NOW = new Date('2026-11-20T00:00:00Z')

// Each line is one that a maintainer of the chart would act on, or would want to know once: whoever changes a rule reads
// here how loud it becomes. `UPDATE_GOLDEN=1 npm test` writes the file anew.
test('what check says to charts as people render them', () => {
  const lines = readdirSync(join(TESTDATA, 'charts'))
    .sort()
    .flatMap((file) => {
      const { value, diagnostics } = parseYaml(readFileSync(join(TESTDATA, 'charts', file), 'utf8'), file)
      const findings = check({ manifests: value, diagnostics }, DEFAULT_COMPILE_SETTINGS, NOW)
      return [`${file}: ${String(findings.length)}`, ...findings.map((one) => `  ${formatDiagnostic(one)}`)]
    })
  const text = `${lines.join('\n')}\n`
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(GOLDEN, text)
  expect(text).toBe(readFileSync(GOLDEN, 'utf8'))
})
