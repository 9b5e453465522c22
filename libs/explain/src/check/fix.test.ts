import { expect, test } from '@jest/globals'
import { DEFAULT_COMPILE_SETTINGS, parseYaml } from '@postern/control-plane'
import { readWorld } from '../world/read-world.ts'
import { check } from './check.ts'
import { applyEdits, safeEdits } from './fix.ts'

function fixed(text: string): string {
  const { value, diagnostics } = parseYaml(text, 'a.yaml')
  const set = { manifests: value, diagnostics }
  const findings = check(set, DEFAULT_COMPILE_SETTINGS, new Date('2026-11-20T00:00:00Z'))
  const edits = safeEdits(findings, readWorld(set))
  const { text: now, applied } = applyEdits(text, edits)
  expect(applied.length > 0).toBe(now !== text)
  return now
}

const configMap = (rest: string) => `apiVersion: v1\nkind: ConfigMap\n${rest}`

test.each([
  ['a slip', 'metadata: {name: a, lables: {b: c}}\n', 'metadata: {name: a, labels: {b: c}}\n'],
  [
    'a value without quotes, its name within another word',
    'metadata: {name: a}\ndata: {aa: x, a: 1}\n',
    "metadata: {name: a}\ndata: {aa: x, a: '1'}\n",
  ],
  [
    'a slip whose name is also a value',
    'metadata: {name: lables, lables: {b: c}}\n',
    'metadata: {name: lables, labels: {b: c}}\n',
  ],
])('%s is corrected', (_, wrong, right) => {
  expect(fixed(configMap(wrong))).toBe(configMap(right))
})

test.each([
  ['what was meant stands there already', 'metadata: {name: a}\ndat: {b: c}\ndata: {d: e}\n'],
  ['two slips for one name', 'metadata: {name: a, lables: {b: c}, labls: {d: e}}\n'],
])('%s: the file stays readable', (_, text) => {
  const now = fixed(configMap(text))
  expect(parseYaml(now, 'a.yaml').diagnostics).toEqual([])
})
