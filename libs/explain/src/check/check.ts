import {
  compareDiagnostics,
  compileManifests,
  isKustomization,
  isPatch,
  patchFiles,
  type CompileSettings,
  type Diagnostic,
  type ManifestSet,
} from '@postern/control-plane'
import { readWorld } from '../world/read-world.ts'
import { judgeWithWorld } from './judge-with-world.ts'
import type { Checked } from './rule.ts'
import { RULES } from './rules.ts'

/** Every finding about manifests, sorted by file and place. Pure: the date comes in. */
export function check(set: ManifestSet, settings: CompileSettings, now: Date): readonly Diagnostic[] {
  const patches = patchFiles(set.manifests)
  const isNothing = set.manifests.every((one) => isKustomization(one) || isPatch(one, patches))
  const compiled = compileManifests(set, settings)
  const world = readWorld(set)
  const checked: Checked = { world, compiled, settings, now }
  const own = RULES.flatMap((rule) => rule(checked))
  const nothing = isNothing && set.diagnostics.length === 0 ? [NOTHING] : []
  return once([...nothing, ...judgeWithWorld(checked), ...own].sort(compareDiagnostics))
}

// `helm template | postern check -` goes on with nothing when helm fails: that is no clean set. Nor is an overlay whose
// base is elsewhere.
const NOTHING: Diagnostic = {
  severity: 'error',
  code: 'no-objects',
  message: 'there is no Kubernetes object here, so nothing was checked',
  fix: 'name files or folders that hold manifests, or give what kustomize build makes; before a pipe, see whether its first command failed',
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
