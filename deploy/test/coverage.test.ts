// No row of the material is forgotten: each is in the name of a test, or stands in docs/verified.md with what was done instead.
import { describe, expect, test } from '@jest/globals'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rowsIn, rowsOfTestNames } from './contract-rows.ts'
import { ROOT } from './read-manifests.ts'

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

/** Ids in the names of the tests of these files. */
function tested(...patterns: readonly string[]): ReadonlySet<string> {
  const exclude = ['**/node_modules/**', '**/dist/**', 'deploy/test/coverage.test.ts']
  const files = globSync([...patterns], { cwd: ROOT, exclude })
  return new Set(files.flatMap((file) => [...rowsOfTestNames(read(file))]))
}

const FILES_OF_TESTS = ['test', 'e2e', 'cases'].map(
  (kind) => `{apps,libs,tools,certs,deploy}/**/*.${kind}.ts`,
)

/** Rows that a look at the manifests answers; no cluster, no container. */
const STATIC = rowsIn(
  `S0.11-S0.12 S0.14 S0.18-S0.22 S0.25-S0.26 S0.29-S0.30 S0.37-S0.39 S0.42
   S1.3-S1.5 S1.9-S1.12 S1.16 S1.22-S1.26 S1.36-S1.39
   S2.4 S2.13 S2.15 S2.18-S2.21 S2.25 S2.34 S2.36-S2.38
   S3.11-S3.14 S3.16 S4.7-S4.8 S4.21-S4.26 S4.28-S4.29 S4.32-S4.33 S4.36`,
)

describe('the rows of the contract', () => {
  const rows = [...rowsIn(read('docs/contract.md').replace(/^(?!\| S[0-4]\.).*$/gm, ''))].sort()

  test('are the 175 of the material', () => expect(rows).toHaveLength(175))

  test('every static one is a test over files', () => {
    const overFiles = tested('deploy/test/*.test.ts')
    expect([...STATIC].filter((row) => !overFiles.has(row))).toEqual([])
  })

  test('every other one is a test, or docs/verified.md says what was done instead', () => {
    const known = new Set([...tested(...FILES_OF_TESTS), ...rowsIn(read('docs/verified.md'))])
    expect(rows.filter((row) => !known.has(row))).toEqual([])
  })
})

describe('docs/verified.md', () => {
  test('leads to files that are there', () => {
    const named = [...read('docs/verified.md').matchAll(/`((?:deploy|docs|tools|apps|libs)\/[\w./-]+)`/g)]
    expect(named.length).toBeGreaterThan(5)
    for (const [, file = ''] of named) expect([file, globSync(file, { cwd: ROOT }).length]).toEqual([file, 1])
  })
})
