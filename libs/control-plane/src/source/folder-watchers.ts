import { watch as watchFolder, type FSWatcher } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Watches a set of folders that changes. A watch that breaks is forgotten, and counts as a change. */
export class FolderWatchers {
  readonly #watchers = new Map<string, FSWatcher>()
  readonly #changed: (name?: string) => void
  /** By folder, the names in it that count; undefined: all of them. */
  #wanted: ReadonlyMap<string, ReadonlySet<string> | undefined> = new Map()

  /** `changed` is told what changed in its folder, when the system says so. */
  constructor(changed: (name?: string) => void) {
    this.#changed = changed
  }

  /**
   * Everything in `folders`, `entries` in the folders they stand in, and nothing else. Tells whether a folder is watched
   * that was not before.
   */
  watch(folders: readonly string[], entries: readonly string[]): boolean {
    const wanted = wantedNames(folders, entries)
    this.#wanted = wanted
    for (const [folder, watcher] of this.#watchers) {
      if (wanted.has(folder)) continue
      watcher.close()
      this.#watchers.delete(folder)
    }
    const before = this.#watchers.size
    for (const folder of wanted.keys()) if (!this.#watchers.has(folder)) this.#open(folder)
    return this.#watchers.size > before
  }

  #open(folder: string): void {
    try {
      const watcher = watchFolder(folder, { persistent: false }, (_event, name) => {
        if (this.#counts(folder, name)) this.#changed(name ?? undefined)
      })
      watcher.on('error', () => {
        watcher.close()
        this.#watchers.delete(folder)
        this.#changed()
      })
      this.#watchers.set(folder, watcher)
    } catch {
      // No watch (too many of them, or the folder has just gone): the poll still sees changes.
    }
  }

  // A neighbour of the manifests may be the access log: each of its lines would have everything read again.
  #counts(folder: string, name: string | null): boolean {
    const names = this.#wanted.get(folder)
    // A file of a mounted ConfigMap changes by its neighbour `..data`, the link that it is reached through.
    return names === undefined || name === null || name.startsWith('..') || names.has(name)
  }
}

function wantedNames(
  folders: readonly string[],
  entries: readonly string[],
): Map<string, Set<string> | undefined> {
  const wanted = new Map<string, Set<string> | undefined>(folders.map((folder) => [folder, undefined]))
  for (const entry of entries) {
    const folder = dirname(entry)
    if (!wanted.has(folder)) wanted.set(folder, new Set())
    wanted.get(folder)?.add(basename(entry))
  }
  return wanted
}
