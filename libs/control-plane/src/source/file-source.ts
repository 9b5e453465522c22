import { text as readStream } from 'node:stream/consumers'
import { formatDiagnostic } from '../diagnostic.ts'
import type { ManifestSet } from '../manifest.ts'
import { FolderWatchers } from './folder-watchers.ts'
import { ManifestFiles, parseText, type FileReading, type RememberedFiles } from './manifest-files.ts'
import type { ManifestSource } from './manifest-source.ts'
import { Signal } from './signal.ts'
import type { Resting } from './watch-at-rest.ts'

export interface FileSourceOptions {
  readonly stdin?: AsyncIterable<Uint8Array | string>
  /** Watchers miss changes on some file systems (network mounts, bind mounts): everything is looked at this often too. */
  readonly pollMs?: number
  /** What an earlier source had read: it is given first, so that what has gone bad since keeps its last good form. */
  readonly remembered?: RememberedFiles
}

export interface FileSource extends ManifestSource {
  /**
   * What was read last, when nothing more is to be read and whoever begins anew would read the same: then the source can be
   * let go, and `watchAtRest` tells when it is needed again. Undefined while it has to stay.
   */
  resting(): (Resting & { readonly set: ManifestSet; readonly remembered: RememberedFiles }) | undefined
}

/**
 * Manifests from files and folders (recursive; `.yaml`, `.yml`, `.json`), `-` is standard input, read once. Changes by
 * write, atomic rename or symlink swap are seen by watching the *folders*: a watch on a file would follow the old inode.
 */
export function fileSource(paths: readonly string[], options: FileSourceOptions = {}): FileSource {
  const changed = new Signal()
  const named = paths.filter((path) => path !== '-')
  const files = new ManifestFiles(named, options.remembered)
  const watchers = new FolderWatchers(() => changed.raise())
  let poll: NodeJS.Timeout | undefined
  let afresh = false
  let resting: (Resting & { readonly set: ManifestSet }) | undefined

  async function* watch(): AsyncIterable<ManifestSet> {
    const piped = paths.includes('-') ? parseText(await readStdin(options.stdin), '-') : undefined
    poll = setInterval(() => changed.raise(), options.pollMs ?? 2_000)
    poll.unref()
    const setOf = (found: FileReading): ManifestSet => ({
      manifests: [...(piped?.manifests ?? []), ...found.manifests],
      diagnostics: [...(piped?.diagnostics ?? []), ...found.diagnostics],
      isAbsent: piped === undefined && found.isAbsent,
    })
    let last: ManifestSet | undefined
    if (options.remembered !== undefined) yield (last = setOf(files.recall()))
    do {
      resting = undefined
      const found = await files.read({ afresh })
      afresh = false
      // A folder that was made between listing and watching may already hold files: look again once it is watched.
      if (!changed.ended && watchers.watch(found.folders, named)) changed.raise()
      const set = setOf(found)
      const isNew = last === undefined || !sameSet(set, last)
      if (last === undefined || isNew) last = set
      const { fingerprint, folders } = found
      resting = found.isOutdated ? undefined : { fingerprint, folders, set: last }
      if (isNew) yield last
    } while (await changed.next())
  }

  return {
    watch,
    resting: () => (changed.isRaised || !resting ? undefined : { ...resting, remembered: files.remember() }),
    refresh: () => {
      afresh = true
      changed.raise()
    },
    close: async () => {
      changed.end()
      clearInterval(poll)
      watchers.watch([], [])
      await Promise.resolve()
    },
  }
}

function readStdin(stdin: AsyncIterable<Uint8Array | string> | undefined): Promise<string> {
  return readStream((stdin ?? process.stdin) as NodeJS.ReadableStream)
}

function sameSet(a: ManifestSet, b: ManifestSet): boolean {
  return (
    a.manifests.length === b.manifests.length &&
    a.manifests.every((manifest, index) => manifest === b.manifests[index]) &&
    a.diagnostics.map(formatDiagnostic).join('\n') === b.diagnostics.map(formatDiagnostic).join('\n')
  )
}
