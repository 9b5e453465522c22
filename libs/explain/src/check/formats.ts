import { formatDiagnostic, type Diagnostic } from '@postern/control-plane'

export const CHECK_FORMATS = ['text', 'json', 'sarif', 'junit'] as const
export type CheckFormat = (typeof CHECK_FORMATS)[number]

/** The findings as text for people, JSON, SARIF 2.1.0 (code scanning) or JUnit XML (CI test reports). */
export function formatFindings(findings: readonly Diagnostic[], format: CheckFormat): string {
  switch (format) {
    case 'text':
      return findings.map((one) => `${formatDiagnostic(one)}\n`).join('')
    case 'json':
      return `${JSON.stringify(findings, null, 2)}\n`
    case 'sarif':
      return `${JSON.stringify(sarif(findings), null, 2)}\n`
    case 'junit':
      return junit(findings)
  }
}

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
function sarif(findings: readonly Diagnostic[]): object {
  const codes = [...new Set(findings.map(({ code }) => code))].sort()
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'postern', rules: codes.map((id) => ({ id })) } },
        results: findings.map(({ code, severity, file, line, column, ...rest }) => ({
          ruleId: code,
          ruleIndex: codes.indexOf(code),
          level: LEVELS[severity],
          message: { text: sentence(rest) },
          ...(file !== undefined && {
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: encodeURI(file) },
                  region: { startLine: line ?? 1, startColumn: column ?? 1 },
                },
              },
            ],
          }),
        })),
      },
    ],
  }
}

function sentence({ message, fix, object }: Pick<Diagnostic, 'message' | 'fix' | 'object'>): string {
  const who = object === undefined ? '' : `${object.kind} ${object.namespace}/${object.name}: `
  return `${who}${message}${fix === undefined ? '' : ` — ${fix}`}`
}

/** One test case per finding, as CI servers read it; a set without findings is one case that passed. */
function junit(findings: readonly Diagnostic[]): string {
  const failures = findings.filter(({ severity }) => severity !== 'info')
  const cases = failures.map((one) => {
    const name = `${one.file ?? ''}:${String(one.line ?? 1)}`
    const text = escape(formatDiagnostic(one))
    return `    <testcase classname="${escape(one.code)}" name="${escape(name)}"><failure type="${one.severity}" message="${escape(one.message)}">${text}</failure></testcase>`
  })
  const body = cases.length === 0 ? ['    <testcase classname="postern" name="check"/>'] : cases
  const counts = `tests="${String(body.length)}" failures="${String(failures.length)}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="postern check" ${counts}>`,
    ...body,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function escape(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  // XML 1.0 has no way to write other control characters.
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
    .replace(/[&<>"]/g, (char) => names[char] ?? char)
}
