import {
  compareDiagnostics,
  compileManifests,
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
  const compiled = compileManifests(set, settings)
  const checked: Checked = { world: readWorld(set), compiled, settings, now }
  const own = RULES.flatMap((rule) => rule(checked))
  return once([...judgeWithWorld(checked), ...own].sort(compareDiagnostics))
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
