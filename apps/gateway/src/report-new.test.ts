import { expect, test } from '@jest/globals'
import type { Diagnostic } from '@postern/control-plane'
import { createLog } from './log.ts'
import { reportNew } from './report-new.ts'

const broken: Diagnostic = {
  severity: 'error',
  code: 'yaml-syntax',
  message: 'no YAML',
  file: 'a.yaml',
  line: 3,
}
const odd: Diagnostic = { severity: 'warning', code: 'odd', message: 'odd', file: 'b.yaml' }
const note: Diagnostic = { severity: 'info', code: 'note', message: 'noted', file: 'a.yaml' }

function reporter() {
  const lines: string[] = []
  const log = createLog({
    format: 'json',
    level: 'debug',
    write: (line) => lines.push((JSON.parse(line) as { msg: string }).msg),
    now: () => new Date(0),
  })
  const report = reportNew(log)
  return (...diagnostics: readonly Diagnostic[]) => {
    lines.length = 0
    report(diagnostics)
    return [...lines]
  }
}

test('a finding is logged when it appears, not while it stays, and again when it comes back', () => {
  const report = reporter()
  expect(report(broken)).toEqual(['a.yaml:3 error yaml-syntax: no YAML'])
  expect(report(broken, odd)).toEqual(['b.yaml warning odd: odd'])
  report(odd)
  expect(report(broken, odd)).toEqual(['a.yaml:3 error yaml-syntax: no YAML'])
})

test('a file whose last error or warning is gone is named once; a note is nothing to settle', () => {
  const report = reporter()
  expect(report(broken, odd)).toHaveLength(2)
  expect(report(odd, note)).toEqual(['a.yaml info note: noted', 'a.yaml: all findings are settled'])
  expect(report()).toEqual(['b.yaml: all findings are settled'])
  expect(report(note)).toEqual(['a.yaml info note: noted'])
  expect(report()).toEqual([])
})
