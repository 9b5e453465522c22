import { Command } from 'commander'
import { repeatable } from '../flags.ts'
import { addManifestOptions, type ManifestOptions } from './manifest-options.ts'

export interface TableOptions extends ManifestOptions {
  readonly manifests: readonly string[]
}

/** `postern table`: the compiled routing table as JSON, keys redacted. */
export function tableCommand(): Command {
  const command = new Command('table')
    .description('print the compiled routing table as JSON, keys redacted')
    .requiredOption(
      '--manifests <path>',
      'file, folder (recursive), or - for standard input; repeatable',
      repeatable((path) => path),
    )
  return addManifestOptions(command).action(async (options: TableOptions) => {
    const { runTable } = await import('./run-table.ts')
    await runTable(options)
  })
}
