import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
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

describe('a file that was emptied', () => {
  test('keeps its objects while it may be about to be filled again', async () => {
    const files = new ManifestFiles([folder])
    const { manifests } = await files.read({ afresh: false })
    await writeFile(file, '')
    expect((await files.read({ afresh: false })).manifests).toEqual(manifests)
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
