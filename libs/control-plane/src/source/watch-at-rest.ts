import { FolderWatchers } from './folder-watchers.ts'
import { Fingerprint, readStamp } from './fingerprint.ts'
import { isManifestName, listManifests } from './list-manifests.ts'

/** What a source had read when it was let go. */
export interface Resting {
  readonly fingerprint: string
  readonly folders: readonly string[]
}

export interface WatchAtRestOptions {
  /** How often everything is looked at where no watcher tells: see `FileSourceOptions`. */
  readonly pollMs?: number
}

// Looking at one file costs some 30 µs; so that many of them take less than a hundredth of the time.
const POLL_MS_PER_FILE = 5
const AT_ONCE = 32
const SOON_MS = 50

/**
 * Watches manifests that nobody reads at the moment, at next to no cost, and calls `changed` once when they are not what they
 * were. Keeps no list of files and reads none of them.
 */
export function watchAtRest(
  paths: readonly string[],
  { fingerprint, folders }: Resting,
  changed: () => void,
  { pollMs = 2_000 }: WatchAtRestOptions = {},
): { close(): void } {
  const named = paths.filter((path) => path !== '-')
  let files = 0
  let timer: NodeJS.Timeout | undefined
  let isDueSoon = false
  let isOver = false
  const close = (): void => {
    isOver = true
    clearTimeout(timer)
    watchers.watch([], [])
  }
  const tell = (): void => {
    if (isOver) return
    close()
    changed()
  }
  const lookIn = (ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void look(), Math.max(ms, files * POLL_MS_PER_FILE))
    timer.unref()
  }
  const look = async (): Promise<void> => {
    isDueSoon = false
    const now = await fingerprintOf(named)
    if (isOver) return
    files = now.files
    if (now.fingerprint !== fingerprint) tell()
    else if (!isDueSoon) lookIn(pollMs)
  }
  const watchers = new FolderWatchers((name) => {
    if (name === undefined || name.startsWith('..') || isManifestName(name)) return tell()
    // A folder came or went, or a neighbour of the manifests is a log file that is written all the time.
    if (!isDueSoon) lookIn(SOON_MS)
    isDueSoon = true
  })
  if (named.length > 0) {
    watchers.watch(folders, named)
    // Also what changed before the watchers stood.
    void look()
  }
  return { close }
}

async function fingerprintOf(
  paths: readonly string[],
): Promise<{ readonly fingerprint: string; readonly files: number }> {
  const { files } = await listManifests(paths)
  const sum = new Fingerprint()
  for (let from = 0; from < files.length; from += AT_ONCE) {
    const some = files.slice(from, from + AT_ONCE)
    const stamps = await Promise.all(some.map(readStamp))
    for (const [i, file] of some.entries()) {
      const stamp = stamps[i]
      if (stamp !== undefined) sum.add(file, stamp)
    }
  }
  return { fingerprint: String(sum), files: files.length }
}
