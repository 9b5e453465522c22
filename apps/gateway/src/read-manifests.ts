import {
  fileSource,
  formatDiagnostic,
  unappliedKustomizations,
  type Diagnostic,
  type ManifestSet,
} from '@postern/control-plane'

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

/**
 * The same for commands whose answer is not about the files: what could not be read is told on standard error.
 * @throws when a path does not exist or nothing could be read: an answer about nothing would look like an answer.
 */
export async function readManifestsOrTell(paths: readonly string[]): Promise<ManifestSet> {
  const set = await readManifests(paths)
  const missing = set.diagnostics.find(({ code }) => code === 'file-missing')
  if (missing !== undefined) throw new Error(`${missing.file ?? ''}: there is no such file or folder`)
  const errors = set.diagnostics.filter(({ severity }) => severity === 'error')
  tell(errors)
  if (errors.length > 0 && set.manifests.length === 0) throw new Error('none of the files could be read')
  return set
}

/** For answers that have no room for it: a kustomization would make other objects of these files. */
export function tellUnapplied({ manifests }: ManifestSet): void {
  tell(unappliedKustomizations(manifests))
}

function tell(findings: readonly Diagnostic[]): void {
  for (const one of findings) process.stderr.write(`${formatDiagnostic(one)}\n`)
}
