import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asDiskError } from './disk-error.ts'
import { StartError } from './wait-until-ready.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-disk-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const told = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    return await work
  } catch (error) {
    return asDiskError('certificates', error)
  }
}

test('a folder that is not there is named, with the step that wanted it', async () => {
  const path = join(folder, 'nosuch')
  const error = await told(readdir(path))
  expect(error).toBeInstanceOf(StartError)
  expect(String(error)).toContain(`certificates: ${path}: there is no such file or folder`)
})

test('a file in the place of a folder is said so', async () => {
  const file = join(folder, 'file')
  await writeFile(file, '')
  expect(String(await told(mkdir(join(file, 'certs'), { recursive: true })))).toContain(
    `${join(file, 'certs')}: a part of this path is a file where a folder is needed`,
  )
})

// Whoever runs the tests may be root, whom no mode stops: these come as the system words them.
test.each([
  ['EACCES', 'chown'],
  ['EROFS', '--state FOLDER'],
  ['ENOSPC', 'the disk is full'],
])('%s says what to do', (code, what) => {
  const error = Object.assign(new Error(code), { code, path: '/a/ca.key' })
  expect(String(asDiskError('certificates', error))).toMatch(new RegExp(`/a/ca\\.key: .*${what}`))
})

test('what is no refusal of the file system keeps its stack', () => {
  const bug = new TypeError('x is undefined')
  expect(asDiskError('build', bug)).toBe(bug)
  const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
  expect(asDiskError('build', refused)).toBe(refused)
})
