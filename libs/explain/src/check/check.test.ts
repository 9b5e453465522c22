import { expect, test } from '@jest/globals'
import { DEFAULT_COMPILE_SETTINGS, parseYaml } from '@postern/control-plane'
import { check } from './check.ts'

function codesOf(text: string): readonly string[] {
  const { value, diagnostics } = parseYaml(text, 'a.yaml')
  const set = { manifests: value, diagnostics }
  return check(set, DEFAULT_COMPILE_SETTINGS, new Date('2026-11-20')).map(({ code }) => code)
}

// A pipe whose first command failed must not pass for a clean set.
test.each(['', 'hello', '{"replicaCount": 1}'])('no object is a finding: %j', (text) => {
  expect(codesOf(text)).toEqual(['no-objects'])
})

test('one object is enough, and a file that cannot be read speaks for itself', () => {
  expect(codesOf('apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n')).toEqual([])
  expect(codesOf('kind: [')).toEqual(['yaml-syntax'])
})

test('a patch that a kustomization names is no object of its own, and its slips are told', () => {
  const files = {
    'over/kustomization.yaml':
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches: [{path: body.yaml}]\n',
    'over/body.yaml':
      "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: shop\n  annotation: {a: 'b'}\n",
  }
  const manifests = Object.entries(files).flatMap(([file, text]) => parseYaml(text, file).value)
  const found = check({ manifests, diagnostics: [] }, DEFAULT_COMPILE_SETTINGS, new Date('2026-11-20'))
  expect(found.map(({ file, line, code }) => [file, line, code])).toEqual([
    ['over/body.yaml', 5, 'unknown-field'],
  ])
})
