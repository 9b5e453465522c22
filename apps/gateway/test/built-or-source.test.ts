import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')

// A checkout of two files: the real command around them, built by the real build.
let checkout: string
beforeAll(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'postern-checkout-'))
  await mkdir(join(checkout, 'apps/gateway/src'), { recursive: true })
  await cp(join(ROOT, 'apps/gateway/bin'), join(checkout, 'apps/gateway/bin'), { recursive: true })
  await cp(join(ROOT, 'apps/gateway/package.json'), join(checkout, 'apps/gateway/package.json'))
})
afterAll(() => rm(checkout, { recursive: true }))

const write = (file: string, text: string) => writeFile(join(checkout, 'apps/gateway/src', file), text)
const says = (word: string) => write('word.ts', `export const word: string = '${word}'\n`)

function run(script: string, ...args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: checkout,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  return stdout.trim()
}

const postern = () => run(join(checkout, 'apps/gateway/bin/postern.mjs'))
const build = () => run(join(ROOT, 'tools/build.ts'), 'apps/gateway')

// What was built is one file whose own name is main.js, and the sources' is main.ts.
const MAIN = `import { word } from './word.ts'
console.log(word, import.meta.url.split('.').at(-1))
`

test('the command runs what was built only while the sources are those that it was built from', async () => {
  await write('main.ts', MAIN)
  await says('one')
  expect(postern()).toBe('one ts')
  build()
  expect(postern()).toBe('one js')
  await says('two')
  expect(postern()).toBe('two ts')
  // A branch that is left and come back to has new times and the old content.
  await says('one')
  expect(postern()).toBe('one js')
  await write('main.ts', MAIN.replace('word.ts', 'other.ts'))
  await write('other.ts', "export const word = 'three'\n")
  await rm(join(checkout, 'apps/gateway/src/word.ts'))
  expect(postern()).toBe('three ts')
  build()
  expect(postern()).toBe('three js')
})

test('what an older build left, which does not say what it was built from, is not run', async () => {
  await rm(join(checkout, 'apps/gateway/dist/built-from.json'))
  expect(postern()).toBe('three ts')
})
