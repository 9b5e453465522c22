import { expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SCRIPT = join(import.meta.dirname, '../../.ci/failed-tests')

const RUN = `PASS libs/a.test.ts
  ● Console

    console.log
      a word of a test that passed

FAIL deploy/b.e2e.ts (12.3 s)
  ● Console

    console.log
      a word of a test that failed

  ● outer › is equal

    expect(received).toMatchObject(expected)

    -   "a": 2,
    +   "a": 1,

    \u001B[0m \u001B[90m 1 |\u001B[39m import
    \u001B[31m\u001B[1m>\u001B[22m\u001B[39m\u001B[90m 2 |\u001B[39m   expect({ a: 1 })
     \u001B[90m   |\u001B[39m      \u001B[31m\u001B[1m^\u001B[22m\u001B[39m

      at Object.toMatchObject (deploy/b.e2e.ts:3:64)
      at run (node_modules/jest-circus/build/run.js:1:1)

  ● outer › throws

    podman stop ended with 1:
    the second line

FAIL libs/c.test.ts
  ● Test suite failed to run

    Cannot find module './none.ts'

Summary of all failing tests
FAIL deploy/b.e2e.ts (12.3 s)
  ● outer › is equal

    expect(received).toMatchObject(expected)

Test Suites: 2 failed, 1 passed, 3 total
`

test('each failed test stands there once, with its file and what was seen', () => {
  expect(failedTests(60, RUN)).toBe(`● outer › is equal  (deploy/b.e2e.ts)
    expect(received).toMatchObject(expected)
    -   "a": 2,
    +   "a": 1,
      at Object.toMatchObject (deploy/b.e2e.ts:3:64)
● outer › throws  (deploy/b.e2e.ts)
    podman stop ended with 1:
    the second line
● Test suite failed to run  (libs/c.test.ts)
    Cannot find module './none.ts'
`)
})

test('names come before messages when the lines are few', () => {
  expect(failedTests(6, RUN).split('\n')).toEqual([
    '● outer › is equal  (deploy/b.e2e.ts)',
    '    expect(received).toMatchObject(expected)',
    '● outer › throws  (deploy/b.e2e.ts)',
    '    podman stop ended with 1:',
    '● Test suite failed to run  (libs/c.test.ts)',
    "    Cannot find module './none.ts'",
    '',
  ])
  expect(failedTests(2, RUN)).toBe(
    '● outer › is equal  (deploy/b.e2e.ts)\n● outer › throws  (deploy/b.e2e.ts)\nand 1 more\n',
  )
})

test('nothing is said of a run without a failed test', () => {
  expect(failedTests(60, 'PASS libs/a.test.ts\n\n3 passed, 0 failed, 0 skipped\n')).toBe('')
})

function failedTests(mostLines: number, output: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'failed-tests-'))
  try {
    const file = join(folder, 'output')
    writeFileSync(file, output)
    const { status, stdout, stderr } = spawnSync(SCRIPT, [String(mostLines), file], { encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
    return stdout
  } finally {
    rmSync(folder, { recursive: true })
  }
}
