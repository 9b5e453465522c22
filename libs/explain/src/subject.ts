import {
  compileManifests,
  type Compiled,
  type CompileSettings,
  type ManifestSet,
} from '@postern/control-plane'
import { createRehearsal, TlsSelection, type Rehearse } from '@postern/data-plane'
import { readWorld, type World } from './world/read-world.ts'

/** Manifests made ready for questions: compiled as for serving, with all that compiling forgets. */
export interface Subject {
  readonly compiled: Compiled
  readonly settings: CompileSettings
  readonly world: World
  readonly rehearse: Rehearse
  readonly tls: TlsSelection
}

export function makeSubject(set: ManifestSet, settings: CompileSettings): Subject {
  const compiled = compileManifests(set, settings)
  const tls = new TlsSelection()
  tls.replace(compiled.table)
  return { compiled, settings, world: readWorld(set), rehearse: createRehearsal(compiled.table), tls }
}
