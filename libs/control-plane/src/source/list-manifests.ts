import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { compareText, type Diagnostic } from '../diagnostic.ts'

// Deeper is a link that leads back into itself.
const MAX_DEPTH = 16

const EXTENSION = /\.(ya?ml|json)$/

/** Whether a file of this name in a folder of manifests is taken for one. */
export function isManifestName(name: string): boolean {
  return EXTENSION.test(name)
}

export interface Listing {
  /** Each once, in the order of the paths given and of their names. */
  readonly files: readonly string[]
  readonly folders: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/** The files that paths stand for. A file given by name is taken whatever its extension; folders are walked. */
export async function listManifests(paths: readonly string[]): Promise<Listing> {
  const files = new Set<string>()
  const folders = new Set<string>()
  const diagnostics: Diagnostic[] = []
  const walk = async (folder: string, depth: number): Promise<void> => {
    if (folders.has(folder) || depth > MAX_DEPTH) return
    folders.add(folder)
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    for (const entry of entries.sort((a, b) => compareText(a.name, b.name))) {
      const { name } = entry
      // Mounted ConfigMaps keep their files in `..2026_…`, reached through `..data`; the visible names are links to it.
      if (name.startsWith('.') || name === 'node_modules') continue
      const path = join(folder, name)
      const kind = entry.isFile() ? 'file' : await kindOf(path)
      if (kind === 'folder') await walk(path, depth + 1)
      else if (kind === 'file' && isManifestName(name)) files.add(path)
    }
  }
  for (const path of paths) {
    const kind = await kindOf(path)
    if (kind === 'folder') await walk(path, 0)
    else if (kind === 'file') files.add(path)
    else diagnostics.push(missing(path))
  }
  return { files: [...files], folders: [...folders], diagnostics }
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  const facts = await stat(path).catch(() => undefined)
  if (facts?.isDirectory()) return 'folder'
  return facts?.isFile() ? 'file' : undefined
}

function missing(path: string): Diagnostic {
  const fix = 'give --manifests a file or folder that exists; it is read as soon as it appears'
  return {
    severity: 'error',
    code: 'file-missing',
    message: 'there is no such file or folder',
    fix,
    file: path,
  }
}
