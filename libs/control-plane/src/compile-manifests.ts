import type { RoutingTable } from '@postern/routing-table'
import { compile } from './compile/compile.ts'
import { Kept } from './compile/kept.ts'
import { compareDiagnostics, type Diagnostic } from './diagnostic.ts'
import type { ManifestSet } from './manifest.ts'
import { ManifestParser } from './parse/parse-manifests.ts'
import { provenanceOf, type Provenance } from './provenance.ts'
import { GlobalsReader } from './resolve/read-globals.ts'
import { resolve, type ResolveMemory } from './resolve/resolve.ts'
import type { CompileSettings } from './settings.ts'

export interface Compiled {
  readonly table: RoutingTable
  /** Sorted by file and place. */
  readonly diagnostics: readonly Diagnostic[]
  readonly provenance: Provenance
}

/**
 * Compiles again and again, and keeps what did not change: the same result as a fresh one, sooner. The one thing it adds
 * is that an object that went bad keeps its last good form.
 */
export interface Compiler {
  compile(set: ManifestSet): Compiled
}

export function createCompiler(settings: CompileSettings): Compiler {
  const parser = new ManifestParser()
  const globalsReader = new GlobalsReader(settings)
  const memory: ResolveMemory = { plans: new WeakMap(), reaches: new Map() }
  const kept = new Kept()
  return {
    compile: (set) => {
      const parsed = parser.parse(set.manifests)
      const globals = globalsReader.read(parsed.value)
      const model = resolve(parsed.value, globals, settings, memory)
      const table = compile(model.value, settings, kept)
      const diagnostics = [...set.diagnostics, ...parsed.diagnostics, ...model.diagnostics].sort(
        compareDiagnostics,
      )
      return { table, diagnostics, provenance: provenanceOf(model.provenance, model.value.hosts) }
    },
  }
}

/** Manifests in, table out. Pure: the same set and settings give the same bytes. Bad objects become diagnostics. */
export function compileManifests(set: ManifestSet, settings: CompileSettings): Compiled {
  return createCompiler(settings).compile(set)
}
