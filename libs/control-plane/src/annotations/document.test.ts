import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { annotationsPage, compatibilityPage } from './document.ts'
import { PREFIX } from './features.ts'
import { KNOWN_KEYS } from './known-keys.ts'

const root = join(import.meta.dirname, '..', '..', '..', '..')
const cases = join(root, 'libs', 'control-plane', 'testdata')
const texts = readdirSync(cases, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.in.yaml'))
  .sort()
  .map(
    (name) =>
      [
        name.slice(0, -'.in.yaml'.length).replaceAll('\\', '/'),
        readFileSync(join(cases, name), 'utf8'),
      ] as const,
  )

// A few are enough to see what it is about.
const casesOf = (key: string): string[] =>
  texts
    .filter(([, text]) => text.includes(`${PREFIX}${key}:`))
    .map(([name]) => name)
    .slice(0, 3)

describe('the generated pages are current (UPDATE_GOLDEN=1 writes them)', () => {
  test.each([
    ['docs/annotations.md', annotationsPage()],
    ['docs/compatibility.md', compatibilityPage(casesOf)],
  ])('%s', (name, page) => {
    const path = join(root, name)
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, page)
    expect(existsSync(path) && readFileSync(path, 'utf8')).toBe(page)
  })
})

describe('all 138 names of ingress-nginx', () => {
  test('are known', () => {
    expect(KNOWN_KEYS.size).toBe(138)
  })

  test('have a golden case each', () => {
    expect([...KNOWN_KEYS.keys()].filter((name) => casesOf(name).length === 0)).toEqual([])
  })

  test('of tier 1 are not refused', () => {
    const first = [...KNOWN_KEYS].filter(([, key]) => key.tier === 1)
    expect(first).toHaveLength(82)
    expect(first.filter(([, key]) => key.verdict.kind === 'refused')).toEqual([])
  })
})
