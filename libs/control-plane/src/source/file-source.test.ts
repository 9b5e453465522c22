import { mkdtemp, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { ManifestSet } from '../manifest.ts'
import { fileSource } from './file-source.ts'
import type { ManifestSource } from './manifest-source.ts'

let folder: string
let source: ManifestSource | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-manifests-'))
})

afterEach(async () => {
  await source?.close()
  await rm(folder, { recursive: true, force: true })
})

/** Watches, and waits until the names of the objects are these; fails by the test's own time limit. */
function watching(paths: readonly string[] = [folder], stdin?: AsyncIterable<string>) {
  source = fileSource(paths, { pollMs: 60_000, ...(stdin && { stdin }) })
  const sets = source.watch()[Symbol.asyncIterator]()
  return {
    next: async (): Promise<ManifestSet> => (await sets.next()).value as ManifestSet,
    until: async (...names: string[]): Promise<ManifestSet> => {
      for (;;) {
        const { value, done } = await sets.next()
        if (done) throw new Error('the source ended')
        if (JSON.stringify(namesOf(value as ManifestSet)) === JSON.stringify(names))
          return value as ManifestSet
      }
    },
  }
}

function namesOf(set: ManifestSet): string[] {
  return set.manifests.map(({ content }) => (content['metadata'] as { name: string }).name)
}

const object = (name: string): string => `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\n`
const write = (name: string, ...objects: string[]): Promise<void> =>
  writeFile(join(folder, name), objects.map(object).join('---\n'))

describe('fileSource', () => {
  test('reads files and folders, in order of their names, once each', async () => {
    await mkdir(join(folder, 'b'))
    await write('b/two.yml', 'two')
    await write('a.yaml', 'one', 'more')
    await writeFile(
      join(folder, 'c.json'),
      JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'three' } }),
    )
    await writeFile(join(folder, 'notes.txt'), 'kind: nothing')
    const { next } = watching([folder, join(folder, 'a.yaml')])
    expect(namesOf(await next())).toEqual(['one', 'more', 'two', 'three'])
  })

  test('sees a plain write, a new file and a removed file', async () => {
    await write('a.yaml', 'one')
    const { until } = watching()
    await until('one')
    await write('a.yaml', 'two')
    await until('two')
    await write('b.yaml', 'three')
    await until('two', 'three')
    await rm(join(folder, 'a.yaml'))
    await until('three')
  })

  test('sees an atomic rename', async () => {
    await write('a.yaml', 'one')
    const { until } = watching()
    await until('one')
    await write('.a.yaml.tmp', 'two')
    await rename(join(folder, '.a.yaml.tmp'), join(folder, 'a.yaml'))
    await until('two')
  })

  test('sees a file given by name being replaced', async () => {
    await write('a.yaml', 'one')
    const { until } = watching([join(folder, 'a.yaml')])
    await until('one')
    await write('.next', 'two')
    await rename(join(folder, '.next'), join(folder, 'a.yaml'))
    await until('two')
  })

  test('sees the symlink swap of a mounted ConfigMap', async () => {
    await mkdir(join(folder, '..1'))
    await write('..1/a.yaml', 'one')
    await symlink('..1', join(folder, '..data'))
    await symlink('..data/a.yaml', join(folder, 'a.yaml'))
    const { until } = watching()
    await until('one')
    await mkdir(join(folder, '..2'))
    await write('..2/a.yaml', 'two')
    await symlink('..2', join(folder, '..data_tmp'))
    await rename(join(folder, '..data_tmp'), join(folder, '..data'))
    await until('two')
  })

  test('sees files in folders that appear later', async () => {
    await write('a.yaml', 'one')
    const { until } = watching()
    await until('one')
    await mkdir(join(folder, 'sub', 'deep'), { recursive: true })
    await write('sub/deep/b.yaml', 'two')
    await until('one', 'two')
  })

  test('a broken file keeps its last good objects, and is reported with its place', async () => {
    await write('a.yaml', 'one')
    const watched = watching()
    await watched.until('one')
    await writeFile(join(folder, 'a.yaml'), 'kind: Service\nmetadata: {name: [broken\n')
    const set = await watched.next()
    expect(namesOf(set)).toEqual(['one'])
    expect(set.diagnostics[0]).toMatchObject({
      severity: 'error',
      code: 'yaml-syntax',
      file: join(folder, 'a.yaml'),
      line: 3,
    })
    await write('a.yaml', 'two')
    expect((await watched.until('two')).diagnostics).toEqual([])
  })

  test('an unchanged file keeps the identity of its objects', async () => {
    await write('a.yaml', 'one')
    await write('b.yaml', 'two')
    const { until } = watching()
    const before = await until('one', 'two')
    await write('b.yaml', 'three')
    const after = await until('one', 'three')
    expect(after.manifests[0]).toBe(before.manifests[0])
  })

  test('a path that is not there is reported, and read when it appears', async () => {
    const { next, until } = watching([join(folder, 'later')])
    const before = await next()
    expect(before.diagnostics[0]).toMatchObject({ code: 'file-missing' })
    expect(before.isAbsent).toBe(true)
    await mkdir(join(folder, 'later'))
    await write('later/a.yaml', 'one')
    expect((await until('one')).isAbsent).toBe(false)
  })

  test.each([
    ['an empty folder', () => [folder]],
    ['one of two paths', () => [join(folder, 'none'), folder]],
  ])('%s is not nothing', async (_what, paths) => {
    expect((await watching(paths()).next()).isAbsent).toBe(false)
  })

  test('a named folder that goes away is reported, and keeps its last good objects until it is back', async () => {
    await mkdir(join(folder, 'named'))
    await write('named/a.yaml', 'one')
    await write('b.yaml', 'two')
    const watched = watching([join(folder, 'named'), join(folder, 'b.yaml')])
    await watched.until('one', 'two')
    await rename(join(folder, 'named'), join(folder, 'away'))
    const set = await watched.next()
    expect(namesOf(set)).toEqual(['one', 'two'])
    expect(set.diagnostics[0]).toMatchObject({ code: 'file-missing', file: join(folder, 'named') })
    expect(set.diagnostics[0]?.fix).toContain('its last good objects stay in force')
    await write('b.yaml', 'three') // neighbours go on
    await watched.until('one', 'three')
    await write('away/a.yaml', 'four')
    await rename(join(folder, 'away'), join(folder, 'named'))
    expect((await watched.until('four', 'three')).diagnostics).toEqual([])
  })

  test('- is standard input', async () => {
    async function* stdin(): AsyncGenerator<string> {
      yield object('piped')
    }
    const { next } = watching(['-'], stdin())
    expect(namesOf(await next())).toEqual(['piped'])
  })

  test('refresh reads again, and close ends the watch', async () => {
    await write('a.yaml', 'one')
    const { next } = watching()
    await next()
    source?.refresh()
    await source?.close()
    expect(await next()).toBeUndefined()
  })
})
