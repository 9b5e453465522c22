import { fileSource, type ManifestSet } from '@postern/control-plane'

/** Reads manifests once, for the commands that do not watch. */
export async function readManifests(paths: readonly string[]): Promise<ManifestSet> {
  const source = fileSource(paths)
  try {
    for await (const set of source.watch()) return set
  } finally {
    await source.close()
  }
  throw new Error(`no manifests could be read from ${paths.join(', ')}`)
}
