import { readFile, stat } from 'node:fs/promises'
import type { Diagnostic } from '../diagnostic.ts'
import type { Manifest } from '../manifest.ts'
import { listManifests } from './list-manifests.ts'
import { parseYaml } from './parse-yaml.ts'

/** What one file held when it was last read. */
interface FileMemory {
  /** Changes whenever the file may have changed. */
  readonly stamp: string
  readonly text: string
  /** Of the last text that was YAML. */
  readonly manifests: readonly Manifest[]
  readonly diagnostics: readonly Diagnostic[]
}

const MAX_BYTES = 32 * 1024 * 1024

// An editor or `cp` that writes in place empties the file first and fills it a moment later.
const EMPTY_TRUST_MS = 500

export interface FileReading {
  readonly manifests: readonly Manifest[]
  readonly diagnostics: readonly Diagnostic[]
  /** To be watched: files may appear in any of them. */
  readonly folders: readonly string[]
}

/**
 * Reads files and folders again and again, and remembers: a file whose text did not change keeps its objects (and their
 * identity), a file that broke keeps its last good ones, a file that is gone takes its objects along. A file that has just
 * been emptied is taken for one that is being written: its objects go when a later reading still finds it empty.
 */
export class ManifestFiles {
  readonly #paths: readonly string[]
  #memory: ReadonlyMap<string, FileMemory> = new Map()

  constructor(paths: readonly string[]) {
    this.#paths = paths
  }

  /** `afresh` reads every file; otherwise only those whose size, time or inode is another. */
  async read({ afresh }: { readonly afresh: boolean }): Promise<FileReading> {
    const listing = await listManifests(this.#paths)
    const memory = new Map<string, FileMemory>()
    const found = await Promise.all(listing.files.map((file) => this.#readOne(file, afresh)))
    for (const [index, file] of listing.files.entries()) {
      const one = found[index]
      if (one !== undefined) memory.set(file, one)
    }
    this.#memory = memory
    const all = [...memory.values()]
    return {
      manifests: all.flatMap((file) => file.manifests),
      diagnostics: [...listing.diagnostics, ...all.flatMap((file) => file.diagnostics)],
      folders: listing.folders,
    }
  }

  /** Undefined when the file went away between listing and reading. */
  async #readOne(file: string, afresh: boolean): Promise<FileMemory | undefined> {
    const before = this.#memory.get(file)
    try {
      const facts = await stat(file, { bigint: true })
      const stamp = `${facts.dev} ${facts.ino} ${facts.size} ${facts.mtimeNs} ${facts.ctimeNs}`
      if (stamp === before?.stamp && !afresh) return before
      if (facts.size > MAX_BYTES) {
        return unreadable(file, before, `it has ${facts.size} bytes, more than ${MAX_BYTES}`)
      }
      const text = await readFile(file, 'utf8')
      if (text === '' && before !== undefined && Date.now() - Number(facts.mtimeMs) < EMPTY_TRUST_MS) {
        return { ...before, stamp: '' }
      }
      return text === before?.text ? { ...before, stamp } : { stamp, ...parseText(text, file, before) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      return unreadable(file, before, error instanceof Error ? error.message : String(error))
    }
  }
}

/** The objects of a text; of a broken one those of the text before. */
export function parseText(
  text: string,
  file: string,
  before?: Pick<FileMemory, 'manifests'>,
): Omit<FileMemory, 'stamp'> {
  const parsed = parseYaml(text, file)
  const broken = parsed.diagnostics.some((d) => d.severity === 'error')
  return {
    text,
    manifests: broken ? (before?.manifests ?? []) : parsed.value,
    diagnostics: parsed.diagnostics,
  }
}

function unreadable(file: string, before: FileMemory | undefined, reason: string): FileMemory {
  const fix = 'make it readable; until then its last good objects stay in force'
  const message = `this file cannot be read: ${reason}`
  const diagnostics = [{ severity: 'error', code: 'file-unreadable', message, fix, file }] as const
  return { stamp: '', text: '', manifests: before?.manifests ?? [], diagnostics }
}
