import type { Dirent } from 'node:fs'
import { readdir, readlink, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { compareText, type Diagnostic } from '../diagnostic.ts'
import { cannotList, leadsNowhere, missingPath } from './listing-findings.ts'

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
  /** Those of `files` that were known before and cannot be looked at now, which is not the same as being gone. */
  readonly lost: ReadonlySet<string>
  readonly folders: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/** The files that were found before, at `path` or under it. */
export type KnownUnder = (path: string) => readonly string[]

type Kind = 'file' | 'folder' | 'nothing'

/** The files that paths stand for. A file given by name is taken whatever its extension; folders are walked. */
export async function listManifests(
  paths: readonly string[],
  knownUnder: KnownUnder = () => [],
): Promise<Listing> {
  const walk = new Walk(knownUnder)
  for (const path of paths) {
    const kind = await kindOf(path)
    if (kind === 'folder') await walk.enter(path, 0)
    else if (kind === 'file') walk.take(path)
    else walk.lose(path, kind === 'nothing' ? missingPath : cannotList(kind))
  }
  return walk.listing()
}

class Walk {
  readonly #knownUnder: KnownUnder
  /** In order; false for one that is only remembered. */
  readonly #files = new Map<string, boolean>()
  readonly #folders = new Set<string>()
  readonly #diagnostics: Diagnostic[] = []

  constructor(knownUnder: KnownUnder) {
    this.#knownUnder = knownUnder
  }

  take(file: string): void {
    this.#files.set(file, true)
  }

  /** What was known there stays on the list. */
  lose(path: string, finding: (path: string, isKept: boolean) => Diagnostic): void {
    const known = this.#knownUnder(path)
    for (const file of known) if (!this.#files.has(file)) this.#files.set(file, false)
    this.#diagnostics.push(finding(path, known.length > 0))
  }

  async enter(folder: string, depth: number): Promise<void> {
    if (this.#folders.has(folder) || depth > MAX_DEPTH) return
    this.#folders.add(folder)
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      // One that went away since its parent was listed takes its files along.
      if (depth === 0 || !isAbsence(error)) this.lose(folder, cannotList(error))
      return []
    })
    for (const entry of entries.sort((a, b) => compareText(a.name, b.name))) {
      // Mounted ConfigMaps keep their files in `..2026_…`, reached through `..data`; the visible names are links to it.
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      await this.#look(entry, join(folder, entry.name), depth)
    }
  }

  async #look(entry: Dirent, path: string, depth: number): Promise<void> {
    const kind = entry.isFile() ? 'file' : await kindOf(path)
    if (kind === 'folder') return this.enter(path, depth + 1)
    if (kind === 'file') {
      if (isManifestName(entry.name)) this.take(path)
      return
    }
    const isLost = isManifestName(entry.name)
      ? kind !== 'nothing' || (await isCutOff(path))
      : (kind !== 'nothing' || entry.isSymbolicLink()) && this.#knownUnder(path).length > 0
    if (isLost) this.lose(path, leadsNowhere(kind))
  }

  listing(): Listing {
    const lost = [...this.#files].filter(([, isFound]) => !isFound).map(([file]) => file)
    return {
      files: [...this.#files.keys()],
      lost: new Set(lost),
      folders: [...this.#folders],
      diagnostics: this.#diagnostics,
    }
  }
}

/** What a path leads to, or why that cannot be said. */
async function kindOf(path: string): Promise<Kind | Error> {
  try {
    const facts = await stat(path)
    if (facts.isDirectory()) return 'folder'
    return facts.isFile() ? 'file' : 'nothing'
  } catch (error) {
    return isAbsence(error) ? 'nothing' : (error as Error)
  }
}

/**
 * A link whose target's folder is away, as while somebody replaces that in two steps. A link into a folder that is there was
 * left behind: kubelet takes a key out of the mounted folder first, and its link a moment later.
 */
async function isCutOff(path: string): Promise<boolean> {
  const target = await readlink(path).catch(() => undefined)
  return target !== undefined && (await kindOf(dirname(resolve(dirname(path), target)))) !== 'folder'
}

function isAbsence(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR'
}
