// Two pages of docs/ walk along two files. When a stage comes, goes or moves, the page has to follow.
import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const headings = (file: string): string[] =>
  [...read(file).matchAll(/^## (.+)$/gm)].map(([, text]) => text ?? '')

test('docs/life-of-a-request.md has a section for every function of pipeline.ts, in order', () => {
  const functions = [
    ...read('libs/data-plane/src/pipeline.ts').matchAll(/^(?:export )?(?:async )?function (\w+)/gm),
  ]
  expect(headings('docs/life-of-a-request.md')).toEqual(functions.map(([, name]) => name))
})

test('docs/life-of-a-change.md has a section for every stage that reconcile.ts names, in order', () => {
  const stages = /\* (\w+(?: → \w+)+)\./.exec(read('libs/control-plane/src/reconcile.ts'))?.[1]?.split(' → ')
  expect(headings('docs/life-of-a-change.md')).toEqual(stages)
})
