import type { ManifestSet } from '../manifest.ts'

/** Where manifests come from. Files and a cluster's API look alike from here. */
export interface ManifestSource {
  /** The whole set now, and again after each change. Ends after `close`. Never throws: what cannot be read is a diagnostic. */
  watch(): AsyncIterable<ManifestSet>
  /** Reads everything again, whatever the watchers said (SIGHUP). */
  refresh(): void
  close(): Promise<void>
}
