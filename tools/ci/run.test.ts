import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

test('every part of .ci/run is a script of npm, which brings the Node of the project', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object }
  const commands = readFileSync(join(ROOT, '.ci/run'), 'utf8').match(/(?<=^ *part \S+ ).+$/gm) ?? []
  expect(commands).toHaveLength(4)
  for (const command of commands) {
    expect(command).not.toMatch(/(^|[\s'])(node|nx|jest|npx) /)
    const asked = [...command.matchAll(/npm run (\S+)|npm (test|start)\b/g)].map(
      ([, run, usual]) => run ?? usual,
    )
    expect(asked).not.toEqual([])
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(asked))
  }
})
