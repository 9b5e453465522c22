import { readFile, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import type { Diagnostic } from '../diagnostic.ts'
import type { Manifest } from '../manifest.ts'
import { Fingerprint, stampOf } from './fingerprint.ts'
import { listManifests } from './list-manifests.ts'
import { parseYaml } from './parse-yaml.ts'

/** What one file held when it was last read. */
interface FileMemory {
  /** What the file system said of it. */
  readonly seen: string
  /** Of the text; empty when it has to be read again whatever the file system says. */
  readonly stamp: string
  /** Its objects are those of an earlier text. */
  readonly isOutdated: boolean
  /** It was not there to be read, and is for the moment taken to be as it was. */
  readonly isKept?: boolean
  readonly text: string
  /** Of the last text that was YAML. */
  readonly manifests: readonly Manifest[]
  readonly diagnostics: readonly Diagnostic[]
}

/** What somebody who begins anew has to know to go on: the texts, and what the file system said of them. */
export interface RememberedFiles {
  readonly files: readonly (Pick<FileMemory, 'seen' | 'stamp' | 'text'> & { readonly file: string })[]
  readonly folders: readonly string[]
  /** Of the listing. */
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
  /** Names all files and what the file system said of them. */
  readonly fingerprint: string
  /** Somebody who begins anew would read other objects: a file is broken, and its last good ones stay. */
  readonly isOutdated: boolean
  /** None of the paths exists. */
  readonly isAbsent: boolean
}

/**
 * Reads files and folders again and again, and remembers: a file whose text did not change keeps its objects (and their
 * identity), a file that broke or cannot be seen keeps its last good ones, a file that is gone takes its objects along. A
 * file that has just been emptied is taken for one that is being written: its objects go when a later reading still finds
 * it empty.
 */
export class ManifestFiles {
  readonly #paths: readonly string[]
  #memory: ReadonlyMap<string, FileMemory> = new Map()

  #listing: Pick<RememberedFiles, 'folders' | 'diagnostics'> = { folders: [], diagnostics: [] }

  constructor(paths: readonly string[], remembered?: RememberedFiles) {
    this.#paths = paths
    if (remembered === undefined) return
    this.#listing = remembered
    this.#memory = new Map(
      remembered.files.map(({ file, seen, stamp, text }) => [
        file,
        { seen, stamp, ...parseText(text, file) },
      ]),
    )
  }

  /** What the last reading gave, without looking at anything. */
  recall(): FileReading {
    const { folders, diagnostics } = this.#listing
    const all = [...this.#memory.values()]
    const fingerprint = new Fingerprint()
    for (const [file, { seen }] of this.#memory) fingerprint.add(file, seen)
    const missing = diagnostics.filter(({ code }) => code === 'file-missing')
    return {
      isAbsent: all.length === 0 && missing.length > 0 && missing.length === this.#paths.length,
      fingerprint: String(fingerprint),
      isOutdated: all.some(({ isOutdated, isKept }) => isOutdated || isKept === true),
      manifests: all.flatMap((file) => file.manifests),
      diagnostics: [...diagnostics, ...all.flatMap((file) => file.diagnostics)],
      folders,
    }
  }

  remember(): RememberedFiles {
    const files = [...this.#memory].map(([file, { seen, stamp, text }]) => ({ file, seen, stamp, text }))
    return { files, ...this.#listing }
  }

  /** `afresh` reads every file; otherwise only those whose size, time or inode is another. */
  async read({ afresh }: { readonly afresh: boolean }): Promise<FileReading> {
    const listing = await listManifests(this.#paths, (path) => this.#knownUnder(path))
    const memory = new Map<string, FileMemory>()
    const found = await Promise.all(
      listing.files.map((file) => (listing.lost.has(file) ? this.#keep(file) : this.#readOne(file, afresh))),
    )
    for (const [index, file] of listing.files.entries()) {
      const one = found[index]
      if (one !== undefined) memory.set(file, one)
    }
    this.#memory = memory
    this.#listing = { folders: listing.folders, diagnostics: listing.diagnostics }
    return this.recall()
  }

  #knownUnder(path: string): readonly string[] {
    // As a listing writes what lies in it: nothing stands before that for the folder `.`.
    const inside = join(path, 'x').slice(0, -1)
    const isUnder = (file: string) => file.startsWith(inside) && isAbsolute(file) === isAbsolute(path)
    return [...this.#memory.keys()].filter((file) => file === path || isUnder(file))
  }

  /** As it was; read anew as soon as it can be seen again. */
  #keep(file: string): FileMemory | undefined {
    const before = this.#memory.get(file)
    return before && { ...before, stamp: '', isKept: true }
  }

  /** Undefined when the file went away between listing and reading. */
  async #readOne(file: string, afresh: boolean): Promise<FileMemory | undefined> {
    const before = this.#memory.get(file)
    let stamp = '! '
    try {
      const facts = await stat(file, { bigint: true })
      stamp = stampOf(facts)
      if (stamp === before?.stamp && !afresh) return before
      if (facts.size > MAX_BYTES) {
        return unreadable(file, before, stamp, `it has ${facts.size} bytes, more than ${MAX_BYTES}`)
      }
      const text = await readFile(file, 'utf8')
      if (text === '' && before !== undefined && Date.now() - Number(facts.mtimeMs) < EMPTY_TRUST_MS) {
        return { ...before, seen: stamp, stamp: '', isKept: true }
      }
      const seen = { seen: stamp, stamp }
      return text === before?.text
        ? { ...before, ...seen, isKept: false }
        : { ...seen, ...parseText(text, file, before) }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT') return undefined
      const seen = stamp === '! ' ? `! ${String(code)}` : stamp
      return unreadable(file, before, seen, error instanceof Error ? error.message : String(error))
    }
  }
}

/** The objects of a text; of a broken one those of the text before. */
export function parseText(
  text: string,
  file: string,
  before?: Pick<FileMemory, 'manifests'>,
): Omit<FileMemory, 'stamp' | 'seen'> {
  const parsed = parseYaml(text, file)
  const broken = parsed.diagnostics.some((d) => d.severity === 'error')
  return {
    text,
    isOutdated: broken && (before?.manifests ?? []).length > 0,
    manifests: broken ? (before?.manifests ?? []) : parsed.value,
    diagnostics: parsed.diagnostics,
  }
}

function unreadable(file: string, before: FileMemory | undefined, seen: string, reason: string): FileMemory {
  const fix = 'make it readable; until then its last good objects stay in force'
  const message = `this file cannot be read: ${reason}`
  const diagnostics = [{ severity: 'error', code: 'file-unreadable', message, fix, file }] as const
  const manifests = before?.manifests ?? []
  return { seen, stamp: '', text: '', manifests, isOutdated: manifests.length > 0, diagnostics }
}
