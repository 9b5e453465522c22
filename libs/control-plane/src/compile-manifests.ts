import { DEFAULT_SETTINGS, emptyTable, type RoutingTable } from '@postern/routing-table'
import type { Diagnostic } from './diagnostic.ts'
import type { ManifestSet } from './manifest.ts'
import { EMPTY_PROVENANCE, type Provenance } from './provenance.ts'
import type { CompileSettings } from './settings.ts'

export interface Compiled {
  readonly table: RoutingTable
  readonly diagnostics: readonly Diagnostic[]
  readonly provenance: Provenance
}

/** Compiles again and again, and keeps what did not change: same results as a fresh one, sooner. */
export interface Compiler {
  compile(set: ManifestSet): Compiled
}

export function createCompiler(settings: CompileSettings): Compiler {
  const table = {
    ...emptyTable,
    settings: { ...DEFAULT_SETTINGS, httpsRedirectPort: settings.httpsRedirectPort },
  }
  return { compile: (set) => ({ table, diagnostics: set.diagnostics, provenance: EMPTY_PROVENANCE }) }
}

/** Manifests in, table out. Pure: the same set and settings give the same bytes. Bad objects become diagnostics. */
export function compileManifests(set: ManifestSet, settings: CompileSettings): Compiled {
  return createCompiler(settings).compile(set)
}
