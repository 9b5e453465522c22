import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { ManifestFiles } from './manifest-files.ts'

const GOOD = 'apiVersion: v1\nkind: Service\nmetadata: {name: one}\n'

let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-files-'))
  file = join(folder, 'a.yaml')
  await writeFile(file, GOOD)
})

afterEach(() => rm(folder, { recursive: true, force: true }))

describe('what cannot be seen', () => {
  test('a link into a folder that is away keeps its objects, and is reported', async () => {
    const [version, link] = [join(folder, '.v1'), join(folder, 'link.yaml')]
    await mkdir(version)
    await writeFile(join(version, 'link.yaml'), GOOD)
    await symlink('.v1/link.yaml', link)
    const files = new ManifestFiles([folder])
    const { manifests } = await files.read({ afresh: false })
    await rename(version, `${version}.away`)
    const dangling = await files.read({ afresh: false })
    expect(manifests).toHaveLength(2)
    expect(dangling.manifests).toEqual(manifests)
    expect(dangling.isOutdated).toBe(true)
    expect(dangling.diagnostics).toMatchObject([{ code: 'file-unreadable', file: link }])
    await rename(`${version}.away`, version)
    expect(await files.read({ afresh: false })).toMatchObject({ isOutdated: false, diagnostics: [] })
  })

  test('a link to a file that was removed is gone with it, as a key of a mounted ConfigMap is', async () => {
    await mkdir(join(folder, '..v1'))
    await writeFile(join(folder, '..v1/b.yaml'), GOOD)
    await symlink('..v1', join(folder, '..data'))
    await symlink('..data/b.yaml', join(folder, 'b.yaml'))
    const files = new ManifestFiles([folder])
    expect((await files.read({ afresh: false })).manifests).toHaveLength(2)
    await mkdir(join(folder, '..v2'))
    await symlink('..v2', join(folder, '..data_tmp'))
    await rename(join(folder, '..data_tmp'), join(folder, '..data'))
    expect(await files.read({ afresh: false })).toMatchObject({ isOutdated: false, diagnostics: [] })
    expect(files.recall().manifests).toHaveLength(1)
  })

  // Root may read every folder; a link that leads to itself is refused to root too.
  test.each(['', 'deeper'])(
    'a folder that may not be looked at keeps its objects, and is reported: %j',
    async (below) => {
      const named = join(folder, 'named')
      const refused = join(named, below)
      await mkdir(refused, { recursive: true })
      await writeFile(join(refused, 'b.yaml'), GOOD)
      const files = new ManifestFiles([named])
      const { manifests } = await files.read({ afresh: false })
      await rename(refused, join(folder, 'away'))
      await symlink(refused, refused)
      const reading = await files.read({ afresh: true })
      expect(manifests).toHaveLength(1)
      expect(reading.manifests).toEqual(manifests)
      expect(reading.diagnostics).toMatchObject([
        { severity: 'error', code: 'file-unreadable', file: refused },
      ])
      await rm(refused)
      await rename(join(folder, 'away'), refused)
      expect(await files.read({ afresh: false })).toMatchObject({ isOutdated: false, diagnostics: [] })
    },
  )

  test('the working folder keeps its objects too, though nothing stands before the names of its files', async () => {
    const before = process.cwd()
    process.chdir(folder)
    try {
      await mkdir('way')
      const files = new ManifestFiles(['way/..'])
      const { manifests } = await files.read({ afresh: false })
      await rm('way', { recursive: true })
      await symlink('way', 'way')
      const reading = await files.read({ afresh: false })
      expect(manifests).toHaveLength(1)
      expect(reading.manifests).toEqual(manifests)
      expect(reading.diagnostics).toMatchObject([{ code: 'file-unreadable', file: 'way/..' }])
    } finally {
      process.chdir(before)
    }
  })

  test('a folder inside a named one that goes away takes its objects along', async () => {
    await mkdir(join(folder, 'deeper'))
    await writeFile(join(folder, 'deeper/b.yaml'), GOOD)
    const files = new ManifestFiles([folder])
    expect((await files.read({ afresh: false })).manifests).toHaveLength(2)
    await rm(join(folder, 'deeper'), { recursive: true })
    expect(await files.read({ afresh: false })).toMatchObject({ isOutdated: false, diagnostics: [] })
    expect(files.recall().manifests).toHaveLength(1)
  })
})

describe('a file that was emptied', () => {
  test('keeps its objects while it may be about to be filled again', async () => {
    const files = new ManifestFiles([folder])
    const { manifests } = await files.read({ afresh: false })
    await writeFile(file, '')
    expect((await files.read({ afresh: false })).manifests).toEqual(manifests)
  })

  test('is as good as untouched once it is filled with the same again', async () => {
    const files = new ManifestFiles([folder])
    const before = await files.read({ afresh: false })
    await writeFile(file, '')
    expect((await files.read({ afresh: false })).isOutdated).toBe(true)
    await writeFile(file, GOOD)
    const after = await files.read({ afresh: false })
    expect(after.isOutdated).toBe(false)
    expect(after.manifests[0]).toBe(before.manifests[0])
  })

  test('loses them once it has stayed empty', async () => {
    const files = new ManifestFiles([folder])
    await files.read({ afresh: false })
    await writeFile(file, '')
    await files.read({ afresh: false })
    const longAgo = new Date(Date.now() - 60_000)
    await utimes(file, longAgo, longAgo)
    expect((await files.read({ afresh: false })).manifests).toEqual([])
  })

  test('and then filled with something broken still has its last good objects', async () => {
    const files = new ManifestFiles([folder])
    const { manifests } = await files.read({ afresh: false })
    await writeFile(file, '')
    await files.read({ afresh: false })
    await writeFile(file, 'kind: [')
    const broken = await files.read({ afresh: false })
    expect(broken.manifests).toEqual(manifests)
    expect(broken.diagnostics.map(({ code }) => code)).toContain('yaml-syntax')
  })
})
