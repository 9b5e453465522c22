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
    try {
      const { table, diagnostics } = compiler.compile(manifests)
      report(diagnostics)
      // Whoever began with it would be taken for ready, and answer 404 to everything.
      if (current === undefined && manifests.isAbsent === true) continue
      if (current !== undefined && sameTable(table, current)) continue
      const revision = ((current?.revision ?? 0) + 1) as Revision
      const next = Object.freeze({ ...table, revision })
      publish(next)
      current = next
    } catch (error) {
      // Without a first table there is nothing to serve. Later the last good one stays, and the next change is tried again.
      if (current === undefined) throw error
      report([internalError(error)])
    }
  }
}

function internalError(error: unknown): Diagnostic {
  const reason = error instanceof Error ? error.message : String(error)
  return {
    severity: 'error',
    code: 'internal',
    message: `this change could not be taken in: ${reason}`,
    fix: 'the last good table stays in force; please report this as a defect of Postern',
  }
}
