import { describe, expect, test } from '@jest/globals'
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

describe('a kustomization', () => {
  const files = {
    'over/kustomization.yaml':
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../base]\npatches: [{path: body.yaml}]\n',
    'over/body.yaml':
      "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: shop\n  annotation: {a: 'b'}\n",
  }
  const found = (all: Readonly<Record<string, string>>) => {
    const manifests = Object.entries(all).flatMap(([file, text]) => parseYaml(text, file).value)
    return check({ manifests, diagnostics: [] }, DEFAULT_COMPILE_SETTINGS, new Date('2026-11-20')).map(
      ({ file, line, severity, code }) => [file, line, severity, code],
    )
  }
  const SLIP = ['over/body.yaml', 5, 'warning', 'unknown-field']
  const NOT_APPLIED = ['over/kustomization.yaml', 4, 'info', 'kustomization-not-applied']

  test('is told of, and its patches are no objects of their own but may hold slips', () => {
    const base = { 'base/shop.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n' }
    expect(found({ ...base, ...files })).toEqual([SLIP, NOT_APPLIED])
  })

  test('beside others is one of many variants, of which none is what is deployed', () => {
    const other = files['over/kustomization.yaml'].replace('body.yaml', '../over/body.yaml')
    const base = { 'base/shop.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n' }
    expect(found({ ...base, ...files, 'also/kustomization.yaml': other })).toEqual([SLIP])
  })

  test('alone is nothing that could be checked', () => {
    expect(found(files)).toEqual([[undefined, undefined, 'error', 'no-objects'], SLIP, NOT_APPLIED])
  })
})
