// A fence that was never seen to stop anybody may be a painted one: every border of eslint.config.mjs has an example
// that breaks it in fixtures/, and ESLint must report exactly that.
import { beforeAll, describe, expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { LintedFixture } from './lint-fixtures.ts'

const root = join(import.meta.dirname, '../..')
const names = readdirSync(join(import.meta.dirname, 'fixtures')).sort()

describe('borders', () => {
  let linted: readonly LintedFixture[] = []
  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(import.meta.dirname, 'lint-fixtures.ts')],
      { cwd: root, env: { ...process.env, NX_DAEMON: 'false' } },
    )
    linted = JSON.parse(stdout) as LintedFixture[]
  }, 60_000)

  test.each(names)('%s is reported, and nothing else is', (name) => {
    const fixture = linted.find((one) => one.name === name)
    expect(fixture?.reported).toEqual([
      { rule: fixture?.rule, message: expect.stringContaining(fixture?.says ?? 'missing') },
    ])
  })

  test('every tag with a rule of its own has such an example', () => {
    const configuration = readFileSync(join(root, 'eslint.config.mjs'), 'utf8')
    const tags = [...configuration.matchAll(/sourceTag: '([^']+)'/g)].map(([, tag]) => tag)
    const shown = linted.map(({ says }) => says).join('\n')
    expect(tags.filter((tag) => !shown.includes(`"${tag}"`))).toEqual([])
  })
})

describe('tags', () => {
  const manifests = globSync(['apps/*/package.json', 'apps/frontend/*/package.json', 'libs/*/package.json'], {
    cwd: root,
  })

  test.each(manifests.sort())('%s says what kind of room it is', (file) => {
    const manifest = JSON.parse(readFileSync(join(root, file), 'utf8')) as { nx?: { tags?: string[] } }
    // Without a tag no border would apply to it.
    expect(manifest.nx?.tags).toContainEqual(expect.stringMatching(/^(type|plane):/))
  })
})
