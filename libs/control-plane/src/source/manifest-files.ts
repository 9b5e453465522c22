import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { compareText, type Diagnostic } from '../diagnostic.ts'
import type { Manifest } from '../manifest.ts'
import { parseYaml } from './parse-yaml.ts'

/** What one file held when it was last read. */
interface FileMemory {
  readonly text: string
  /** Of the last text that was YAML. */
  readonly manifests: readonly Manifest[]
  readonly diagnostics: readonly Diagnostic[]
}

const EXTENSION = /\.(ya?ml|json)$/
const MAX_BYTES = 32 * 1024 * 1024

/**
 * Reads files and folders again and again, and remembers: a file whose text did not change keeps its objects (and their
 * identity), a file that broke keeps its last good ones, a file that is gone takes its objects along.
 */
export class ManifestFiles {
  readonly #paths: readonly string[]
  #memory: ReadonlyMap<string, FileMemory> = new Map()

  constructor(paths: readonly string[]) {
    this.#paths = paths
  }

  async read(): Promise<{
    manifests: readonly Manifest[]
    diagnostics: readonly Diagnostic[]
    folders: readonly string[]
  }> {
    const listing = await list(this.#paths)
    const memory = new Map<string, FileMemory>()
    const diagnostics: Diagnostic[] = [...listing.diagnostics]
    for (const file of listing.files) {
      const found = await this.#readOne(file)
      if (found === undefined) continue
      memory.set(file, found)
      diagnostics.push(...found.diagnostics)
    }
    this.#memory = memory
    return {
      manifests: [...memory.values()].flatMap((f) => f.manifests),
      diagnostics,
      folders: listing.folders,
    }
  }

  /** Undefined when the file went away between listing and reading. */
  async #readOne(file: string): Promise<FileMemory | undefined> {
    const before = this.#memory.get(file)
    const text = await readText(file)
    if (text === undefined) return undefined
    if (typeof text !== 'string') return { text: '', manifests: before?.manifests ?? [], diagnostics: [text] }
    if (text === before?.text) return before
    return remember(text, file, before)
  }
}

/** Standard input is read once and is a file named `-`. */
export function remember(text: string, file: string, before?: FileMemory): FileMemory {
  const parsed = parseYaml(text, file)
  const broken = parsed.diagnostics.some((d) => d.severity === 'error')
  return {
    text,
    manifests: broken ? (before?.manifests ?? []) : parsed.value,
    diagnostics: parsed.diagnostics,
  }
}

async function list(
  paths: readonly string[],
): Promise<{ files: string[]; folders: string[]; diagnostics: Diagnostic[] }> {
  const files = new Set<string>()
  const folders = new Set<string>()
  const diagnostics: Diagnostic[] = []
  const walk = async (folder: string): Promise<void> => {
    folders.add(folder)
    const names = await readdir(folder).catch(() => [])
    for (const name of names.sort(compareText)) {
      // Mounted ConfigMaps keep their files in `..2026_…`, reached through `..data`; the visible names are links to it.
      if (name.startsWith('.') || name === 'node_modules') continue
      const path = join(folder, name)
      const kind = await kindOf(path)
      if (kind === 'folder') await walk(path)
      else if (kind === 'file' && EXTENSION.test(name)) files.add(path)
    }
  }
  for (const path of paths) {
    const kind = await kindOf(path)
    if (kind === 'folder') await walk(path)
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

async function readText(file: string): Promise<string | Diagnostic | undefined> {
  try {
    const bytes = await readFile(file)
    if (bytes.length > MAX_BYTES)
      return unreadable(file, `it has ${bytes.length} bytes, more than ${MAX_BYTES}`)
    return bytes.toString('utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    return unreadable(file, error instanceof Error ? error.message : String(error))
  }
}

function unreadable(file: string, reason: string): Diagnostic {
  const fix = 'make it readable; until then its last good objects stay in force'
  return {
    severity: 'error',
    code: 'file-unreadable',
    message: `this file cannot be read: ${reason}`,
    fix,
    file,
  }
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
