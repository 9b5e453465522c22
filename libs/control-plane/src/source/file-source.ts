import { text as readStream } from 'node:stream/consumers'
import { formatDiagnostic } from '../diagnostic.ts'
import type { ManifestSet } from '../manifest.ts'
import { FolderWatchers } from './folder-watchers.ts'
import { ManifestFiles, parseText } from './manifest-files.ts'
import type { ManifestSource } from './manifest-source.ts'
import { Signal } from './signal.ts'

export interface FileSourceOptions {
  readonly stdin?: AsyncIterable<Uint8Array | string>
  /** Watchers miss changes on some file systems (network mounts, bind mounts): everything is looked at this often too. */
  readonly pollMs?: number
}

/**
 * Manifests from files and folders (recursive; `.yaml`, `.yml`, `.json`), `-` is standard input, read once. Changes by
 * write, atomic rename or symlink swap are seen by watching the *folders*: a watch on a file would follow the old inode.
 */
export function fileSource(paths: readonly string[], options: FileSourceOptions = {}): ManifestSource {
  const changed = new Signal()
  const named = paths.filter((path) => path !== '-')
  const files = new ManifestFiles(named)
  const watchers = new FolderWatchers(() => changed.raise())
  let poll: NodeJS.Timeout | undefined
  let afresh = false

  async function* watch(): AsyncIterable<ManifestSet> {
    const piped = paths.includes('-') ? parseText(await readStdin(options.stdin), '-') : undefined
    poll = setInterval(() => changed.raise(), options.pollMs ?? 2_000)
    poll.unref()
    let last: ManifestSet | undefined
    do {
      const found = await files.read({ afresh })
      afresh = false
      // A folder that was made between listing and watching may already hold files: look again once it is watched.
      if (!changed.ended && watchers.watch(found.folders, named)) changed.raise()
      const set = {
        manifests: [...(piped?.manifests ?? []), ...found.manifests],
        diagnostics: [...(piped?.diagnostics ?? []), ...found.diagnostics],
      }
      if (last === undefined || !sameSet(set, last)) yield (last = set)
    } while (await changed.next())
  }

  return {
    watch,
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
