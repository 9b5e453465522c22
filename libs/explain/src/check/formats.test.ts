import { describe, expect, test } from '@jest/globals'
import type { Diagnostic } from '@postern/control-plane'
import { formatFindings } from './formats.ts'

const FINDING: Diagnostic = {
  ...{ severity: 'warning', code: 'image-latest', message: 'a < b & "c"', fix: 'name a version' },
  ...{ file: 'my apps/shop.yaml', line: 3, column: 7 },
  object: { kind: 'Deployment', namespace: 'default', name: 'shop' },
}

describe('formatFindings', () => {
  test('sarif: rule, level, place and sentence, as SARIF 2.1.0 has them', () => {
    const log = JSON.parse(formatFindings([FINDING], 'sarif')) as object
    expect(log).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'postern', rules: [{ id: 'image-latest' }] } },
          results: [
            {
              ruleId: 'image-latest',
              level: 'warning',
              message: { text: 'Deployment default/shop: a < b & "c" — name a version' },
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'my%20apps/shop.yaml' },
                    region: { startLine: 3, startColumn: 7 },
                  },
                },
              ],
            },
          ],
        },
      ],
    })
  })

  test('junit: a failed case per finding, escaped; infos are no failures; nothing found is one good case', () => {
    const xml = formatFindings([FINDING, { ...FINDING, severity: 'info' }], 'junit')
    expect(xml).toContain('<testsuites tests="1" failures="1">')
    expect(xml).toContain('name="my apps/shop.yaml:3"')
    expect(xml).toContain('message="a &lt; b &amp; &quot;c&quot;"')
    expect(formatFindings([], 'junit')).toContain('<testcase classname="postern" name="check"/>')
  })
})
