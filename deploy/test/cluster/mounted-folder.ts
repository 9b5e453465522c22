import { mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Writes a folder as the kubelet does it with ConfigMaps and Secrets (its AtomicWriter): files in a folder of their own,
 * `..data` swapped over to it by rename, a link for each new file, and the folder before it removed.
 * @returns when `..data` was renamed, ms since the epoch.
 */
export function mountAsKubelet(folder: string, files: Readonly<Record<string, string>>): number {
  const known = new Set(listOf(folder))
  const before = known.has('..data') ? readlinkSync(join(folder, '..data')) : undefined
  const version = `..${Date.now()}`
  mkdirSync(join(folder, version), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, version, name), text)
  symlinkSync(version, join(folder, '..data_tmp'))
  const swapped = Date.now()
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
  for (const name of Object.keys(files))
    if (!known.has(name)) symlinkSync(join('..data', name), join(folder, name))
  if (before !== undefined) rmSync(join(folder, before), { recursive: true })
  return swapped
}

function listOf(folder: string): readonly string[] {
  mkdirSync(folder, { recursive: true })
  return readdirSync(folder)
}
