import { compileManifests } from '@postern/control-plane'
import { readManifestsOrTell, tellUnapplied } from '../read-manifests.ts'
import { compileSettings } from './manifest-options.ts'
import type { TableOptions } from './table.ts'

export async function runTable(options: TableOptions): Promise<void> {
  const set = await readManifestsOrTell(options.manifests)
  tellUnapplied(set)
  const { table } = compileManifests(set, compileSettings(options))
  process.stdout.write(`${JSON.stringify(table, null, 2)}\n`)
}
