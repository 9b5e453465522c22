import type { RoutingTable } from '@postern/routing-table'
import { createCompiler } from './compile-manifests.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { ManifestSet } from './manifest.ts'
import { reconcile } from './reconcile.ts'
import type { CompileSettings } from './settings.ts'
import type { ManifestSource } from './source/manifest-source.ts'

export interface ControlPlaneOptions {
  readonly source: ManifestSource
  readonly settings: CompileSettings
  /** Called with each table that differs from the one before. */
  readonly publish: (table: RoutingTable) => void
  /** Called with all findings after each reading of the manifests, in a fixed order. */
  readonly report: (diagnostics: readonly Diagnostic[]) => void
}

export interface ControlPlane {
  /** Resolves after the first table is published; rejects when the source ends before. */
  start(): Promise<void>
  /** Reads the manifests again now. */
  refresh(): void
  /** The findings of the last reading. */
  diagnostics(): readonly Diagnostic[]
  /** The last manifests that were compiled. */
  compiled(): ManifestSet | undefined
  stop(): Promise<void>
}

/** Watches a source and publishes routing tables until stopped. */
export function createControlPlane({ source, settings, publish, report }: ControlPlaneOptions): ControlPlane {
  let latest: readonly Diagnostic[] = []
  let compiled: ManifestSet | undefined
  let running: Promise<void> = Promise.resolve()
  const compiler = createCompiler({ now: Date.now, ...settings })
  return {
    start: () =>
      new Promise<void>((resolve, reject) => {
        running = reconcile({
          source,
          compiler: {
            compile: (set) => {
              const result = compiler.compile(set)
              compiled = set
              return result
            },
          },
          publish: (table) => {
            publish(table)
            resolve()
          },
          report: (diagnostics) => {
            latest = diagnostics
            report(diagnostics)
          },
        })
        running.then(() => reject(new Error('the source of manifests ended before it gave any')), reject)
      }),
    refresh: () => source.refresh(),
    diagnostics: () => latest,
    compiled: () => compiled,
    stop: async () => {
      await source.close()
      await running
    },
  }
}
