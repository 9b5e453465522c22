import { Command } from 'commander'
import { compileManifests } from '@postern/control-plane'
import { addManifestOptions, compileSettings, type ManifestOptions } from './manifest-options.ts'
import { readManifests } from '../read-manifests.ts'

interface TableOptions extends ManifestOptions {
  readonly manifests: readonly string[]
}

/** `postern table`: the compiled routing table as JSON, keys redacted. */
export function tableCommand(): Command {
  const command = new Command('table')
    .description('print the compiled routing table as JSON, keys redacted')
    .requiredOption('--manifests <path...>', 'file, folder, or - for standard input; repeatable')
  return addManifestOptions(command).action(async (options: TableOptions) => {
    const set = await readManifests(options.manifests)
    const { table } = compileManifests(set, compileSettings(options))
    process.stdout.write(`${JSON.stringify(table, null, 2)}\n`)
  })
}
