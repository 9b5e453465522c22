import { expect, test } from '@jest/globals'
import { parseYaml } from './parse-yaml.ts'

const TEMPLATE = `kind: Ingress
metadata:
  name: {{ include "app.fullname" . }}
spec:
  {{- if .Values.ingress.tls }}
  tls: {{ toYaml .Values.ingress.tls }}
  {{- end }}
`

// An error echoes to the end of the file: six findings would say one thing.
test.each([
  ['a Helm template', TEMPLATE, 'this looks like a Helm template: render it first (helm template'],
  ['a tab', 'kind: Ingress\nmetadata:\n\tname: a\n\tb: [\n', 'correct the file'],
  ['a flow map with braces in it', 'kind: A\nb: {c: {d: e}\nf: g\n', 'correct the file'],
])('%s is one finding, with what to do', (_what, text, fix) => {
  const { value, diagnostics } = parseYaml(text, 'a.yaml')
  expect(value).toEqual([])
  expect(diagnostics).toEqual([
    expect.objectContaining({ code: 'yaml-syntax', file: 'a.yaml', fix: expect.stringContaining(fix) }),
  ])
})

test('an alias without its anchor is said where it stands', () => {
  const { value, diagnostics } = parseYaml('kind: A\nb: &b 1\nc: [*b, *nope]\n', 'a.yaml')
  expect(value).toEqual([])
  expect(diagnostics).toEqual([
    {
      severity: 'error',
      code: 'yaml-aliases',
      message: 'this file cannot be read: *nope stands for nothing',
      fix: 'write &nope before the value that is meant, above it in the same document',
      file: 'a.yaml',
      line: 3,
      column: 9,
    },
  ])
})
