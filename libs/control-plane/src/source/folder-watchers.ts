import { watch as watchFolder, type FSWatcher } from 'node:fs'

/** Watches a set of folders that changes. A watch that breaks is forgotten, and counts as a change. */
export class FolderWatchers {
  readonly #watchers = new Map<string, FSWatcher>()
  readonly #changed: () => void

  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** These folders and no others. Tells whether one is watched that was not before. */
  watch(folders: readonly string[]): boolean {
    const wanted = new Set(folders)
    for (const [folder, watcher] of this.#watchers) {
      if (wanted.has(folder)) continue
      watcher.close()
      this.#watchers.delete(folder)
    }
    const before = this.#watchers.size
    for (const folder of wanted) if (!this.#watchers.has(folder)) this.#open(folder)
    return this.#watchers.size > before
  }

  #open(folder: string): void {
    try {
      const watcher = watchFolder(folder, { persistent: false }, this.#changed)
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
}
