import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPart, findPartNamed } from './parts.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-parts-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const part = { name: 'thing', debian: 'thing', program: 'thing' }

test('a program in PATH is found, a file that cannot run is not', async () => {
  await writeFile(join(folder, 'thing'), '')
  expect(findPart(part, folder)).toBeUndefined()
  await chmod(join(folder, 'thing'), 0o755)
  expect(findPart(part, folder)).toBe(join(folder, 'thing'))
})

test('folders outside PATH may hold a version that changes', async () => {
  await mkdir(join(folder, '15', 'bin'), { recursive: true })
  await writeFile(join(folder, '15', 'bin', 'thing'), '', { mode: 0o755 })
  expect(findPart({ ...part, folders: [join(folder, '*', 'bin')] }, '')).toBe(
    join(folder, '15', 'bin', 'thing'),
  )
})

test('a name that is not in the list is told', () => {
  expect(() => findPartNamed('ngnix')).toThrow("unknown part 'ngnix', expected nginx, PostgreSQL")
})
