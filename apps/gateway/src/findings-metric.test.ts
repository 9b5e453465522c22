import { expect, test } from '@jest/globals'
import type { Diagnostic } from '@postern/control-plane'
import { findingsMetric } from './findings-metric.ts'

const finding = (severity: Diagnostic['severity']): Diagnostic => ({
  severity,
  code: 'some',
  message: 'some',
})

test('findings are counted by severity, and none of one is a 0 that an alert can compare', () => {
  expect(findingsMetric([finding('error'), finding('info'), finding('error')])).toBe(
    [
      '# HELP postern_findings Findings about the manifests as they are now, by severity; /diagnostics tells them.',
      '# TYPE postern_findings gauge',
      'postern_findings{severity="error"} 2',
      'postern_findings{severity="warning"} 0',
      'postern_findings{severity="info"} 1',
      '',
    ].join('\n'),
  )
})
