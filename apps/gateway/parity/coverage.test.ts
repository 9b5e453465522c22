// What the side-by-side suite covers, counted without nginx.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { ParityCase } from './case.ts'
import { CASES } from './cases/index.ts'
import type { Place } from './room/place.ts'

const docs = (name: string): string =>
  readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', name), 'utf8')
const names = (text: string): readonly string[] =>
  [...text.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, name]) => name ?? '')

const TIER_1 = [...docs('compatibility.md').matchAll(/^\| 1 \| `([a-z0-9-]+)` \| (\S+)/gm)].map(
  ([, name = '', verdict = '']) => ({ name, verdict }),
)
const GROUPS = docs('annotations.md')
  .split(/^## /m)
  .slice(1)
  .map((section) => ({ title: section.split('\n')[0] ?? '', keys: names(section) }))

const file = { certPem: 'x', keyPem: 'x', certFile: 'x', keyFile: 'x' }
const NOWHERE: Place = {
  ...{ folder: '/nowhere', http: 1, https: 2, port: () => 3, certificate: () => file },
  ...{ ...file, authorityPem: 'x', authorityFile: 'x' },
  ...{ upstreamAuthorityPem: 'x', upstreamAuthorityFile: 'x' },
}

/** Annotations and keys of the ConfigMap that a case sets. */
function keysOf({ manifests }: ParityCase): ReadonlySet<string> {
  const keys = manifests(NOWHERE).flatMap((object) => {
    const { metadata, data } = object as { metadata?: { annotations?: object }; data?: object }
    return [...Object.keys(metadata?.annotations ?? {}), ...Object.keys(data ?? {})]
  })
  return new Set(keys.map((key) => key.slice(key.indexOf('/') + 1)))
}

const used = CASES.map((one) => ({ keys: keysOf(one), checks: one.checks.length }))

describe('the side-by-side suite', () => {
  test.each(CASES.map((one) => [one.name, one.checks.length] as const))(
    '%s has at least five requests',
    (_, checks) => {
      expect(checks).toBeGreaterThanOrEqual(5)
    },
  )

  test('every key of tier 1 that does something is set in some group', () => {
    expect(TIER_1).toHaveLength(82)
    const silent = TIER_1.filter(({ verdict }) => !verdict.startsWith('no-op'))
    const missing = silent.filter(({ name }) => !used.some(({ keys }) => keys.has(name)))
    expect(missing.map(({ name }) => name)).toEqual([])
  })

  const tier1 = new Set(TIER_1.map(({ name }) => name))
  test.each(
    GROUPS.filter(({ keys }) => keys.some((key) => tier1.has(key))).map(
      (group) => [group.title, group.keys] as const,
    ),
  )('%s: at least five requests', (_, keys) => {
    const checks = used.filter((one) => keys.some((key) => one.keys.has(key))).map((one) => one.checks)
    expect(checks.reduce((sum, one) => sum + one, 0)).toBeGreaterThanOrEqual(5)
  })

  test('every difference says why', () => {
    const silent = CASES.flatMap(({ checks }) => checks).filter(
      ({ differs, because }) => differs.length > 0 && (because ?? '').length < 20,
    )
    expect(silent.map(({ name }) => name)).toEqual([])
  })
})
