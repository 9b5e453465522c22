import { watch } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { FolderWatchers } from './folder-watchers.ts'

let folder: string
let wake: () => void = () => undefined
let changes = 0
const watchers = new FolderWatchers(() => {
  changes += 1
  wake()
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-watchers-'))
  changes = 0
})

afterEach(async () => {
  watchers.watch([], [])
  await rm(folder, { recursive: true, force: true })
})

/** Resolves with the next change; fails by the test's own time limit. */
const change = (): Promise<void> => new Promise((resolve) => (wake = resolve))

test('what a neighbour of a manifest writes is no change', async () => {
  watchers.watch([], [join(folder, 'one.yaml')])
  // A second watch of the same folder hears of the same events, after the first.
  const second = watch(folder)
  const heard = new Promise((resolve) => second.once('change', resolve))
  await writeFile(join(folder, 'access.log'), 'a line\n')
  await heard
  second.close()
  expect(changes).toBe(0)
})

test('a folder named as a whole and as the parent of an entry is watched whole', async () => {
  watchers.watch([folder], [join(folder, 'one.yaml')])
  const seen = change()
  await writeFile(join(folder, 'other.yaml'), '')
  await seen
})

test.each(['one.yaml', '..data'])('%s counts beside a file given by name', async (name) => {
  watchers.watch([], [join(folder, 'one.yaml')])
  const seen = change()
  await writeFile(join(folder, name), '')
  await seen
})
