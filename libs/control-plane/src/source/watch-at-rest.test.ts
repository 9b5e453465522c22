import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { fileSource } from './file-source.ts'
import { watchAtRest } from './watch-at-rest.ts'

let folder: string
let watched: { close(): void } | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-rest-'))
})

afterEach(async () => {
  watched?.close()
  await rm(folder, { recursive: true, force: true })
})

const object = (name: string): string => `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\n`

/** Reads the folder once and lets the source go. */
async function read(path = folder) {
  const source = fileSource([path], { pollMs: 60_000 })
  const sets = source.watch()[Symbol.asyncIterator]()
  await sets.next()
  // The first reading finds folders to watch, so there is a second one.
  const end = Date.now() + 5_000
  while (source.resting() === undefined && Date.now() < end) {
    void sets.next()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const resting = source.resting()
  await source.close()
  return resting
}

function rest(resting: Awaited<ReturnType<typeof read>>, pollMs = 60_000, path = folder): Promise<void> {
  if (resting === undefined) throw new Error('the source is not at rest')
  return new Promise((resolve) => (watched = watchAtRest([path], resting, resolve, { pollMs })))
}

describe('manifests at rest', () => {
  test.each<[string, () => Promise<void>]>([
    ['a plain write', () => writeFile(join(folder, 'a.yaml'), object('two'))],
    ['a new file', () => writeFile(join(folder, 'b.yaml'), object('two'))],
    ['a removed file', () => rm(join(folder, 'a.yaml'))],
    [
      'an atomic rename',
      async () => {
        await writeFile(join(folder, 'b.tmp'), object('two'))
        await rename(join(folder, 'b.tmp'), join(folder, 'a.yaml'))
      },
    ],
    [
      'a new folder',
      async () => {
        await mkdir(join(folder, 'more'))
        await writeFile(join(folder, 'more/c.yaml'), object('two'))
      },
    ],
  ])('%s wakes', async (_, change) => {
    await writeFile(join(folder, 'a.yaml'), object('one'))
    const changed = rest(await read())
    await change()
    await changed
  })

  test('the symlink swap of a mounted ConfigMap wakes', async () => {
    for (const name of ['..1', '..2']) {
      await mkdir(join(folder, name))
      await writeFile(join(folder, name, 'a.yaml'), object(name))
    }
    await symlink('..1', join(folder, '..data'))
    await symlink('..data/a.yaml', join(folder, 'a.yaml'))
    const changed = rest(await read())
    await symlink('..2', join(folder, '..tmp'))
    await rename(join(folder, '..tmp'), join(folder, '..data'))
    await changed
  })

  test('what changed before anybody watched wakes, and the poll sees what no watcher tells', async () => {
    await writeFile(join(folder, 'a.yaml'), object('one'))
    const resting = await read()
    await writeFile(join(folder, 'a.yaml'), object('two'))
    await rest({ ...resting!, folders: [] }, 5)
  })

  test('what a log file beside the manifests gets wakes nobody', async () => {
    await writeFile(join(folder, 'a.yaml'), object('one'))
    let isAwake = false
    void rest(await read(), 5).then(() => (isAwake = true))
    for (let line = 0; line < 20; line += 1) {
      await writeFile(join(folder, 'access.log'), `line ${String(line)}\n`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect(isAwake).toBe(false)
  })
})

test('a broken file whose last good objects are in force has to stay read', async () => {
  await writeFile(join(folder, 'a.yaml'), object('one'))
  const source = fileSource([folder], { pollMs: 5 })
  const sets = source.watch()[Symbol.asyncIterator]()
  await sets.next()
  const broken = sets.next()
  await writeFile(join(folder, 'a.yaml'), '{ broken')
  expect((await broken).value).toMatchObject({ diagnostics: [{ code: 'yaml-syntax' }] })
  expect(source.resting()).toBeUndefined()
  await source.close()
})
