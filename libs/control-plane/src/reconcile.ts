import type { Revision, RoutingTable } from '@postern/routing-table'
import type { Compiler } from './compile-manifests.ts'
import { sameTable } from './compile/same-table.ts'
import type { Diagnostic } from './diagnostic.ts'
import { settled } from './settled.ts'
import type { ManifestSource } from './source/manifest-source.ts'

export interface Reconciliation {
  readonly source: ManifestSource
  readonly compiler: Compiler
  readonly publish: (table: RoutingTable) => void
  readonly report: (diagnostics: readonly Diagnostic[]) => void
}

/**
 * The road that a change travels, top to bottom:
 * watch → settle → parse → resolve → compile → publish. Only `source/` and this loop touch the world.
 * The revision grows only when the table really differs, so that a touched file costs nobody anything.
 */
export async function reconcile({ source, compiler, publish, report }: Reconciliation): Promise<void> {
  let current: RoutingTable | undefined
  for await (const manifests of settled(source.watch(), { quietMs: 50, maxMs: 250 })) {
    const { table, diagnostics } = compiler.compile(manifests)
    report(diagnostics)
    if (current !== undefined && sameTable(table, current)) continue
    const revision = ((current?.revision ?? 0) + 1) as Revision
    publish((current = Object.freeze({ ...table, revision })))
  }
}
