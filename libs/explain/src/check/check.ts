import { normalize } from 'node:path'
import {
  compareDiagnostics,
  compileManifests,
  type CompileSettings,
  type Diagnostic,
  type ManifestSet,
} from '@postern/control-plane'
import { patchFiles } from '../world/patch-files.ts'
import { readWorld } from '../world/read-world.ts'
import { judgeWithWorld } from './judge-with-world.ts'
import type { Checked } from './rule.ts'
import { RULES } from './rules.ts'

/** Every finding about manifests, sorted by file and place. Pure: the date comes in. */
export function check(set: ManifestSet, settings: CompileSettings, now: Date): readonly Diagnostic[] {
  if (set.manifests.length === 0 && set.diagnostics.length === 0) return [NOTHING]
  const objects = withoutPatches(set)
  const compiled = compileManifests(objects, settings)
  const world = { ...readWorld(set), objects: readWorld(objects).objects }
  const checked: Checked = { world, compiled, settings, now }
  const own = RULES.flatMap((rule) => rule(checked))
  return once([...judgeWithWorld(checked), ...own].sort(compareDiagnostics))
}

// `helm template | postern check -` goes on with nothing when helm fails: that is no clean set.
const NOTHING: Diagnostic = {
  severity: 'error',
  code: 'no-objects',
  message: 'there is no Kubernetes object here, so nothing was checked',
  fix: 'name files or folders that hold manifests; before a pipe, see whether its first command failed',
}

/** A patch of an Ingress has no rules, and is no Ingress without. Its fields are looked at all the same. */
function withoutPatches(set: ManifestSet): ManifestSet {
  const patches = patchFiles(set.manifests)
  const manifests = set.manifests.filter(({ file }) => file === undefined || !patches.has(normalize(file)))
  return { ...set, manifests }
}

/** Anchors and several rules may lead to one place twice. */
function once(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>()
  return diagnostics.filter((one) => {
    const key = JSON.stringify([one.code, one.file, one.line, one.column, one.message])
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
