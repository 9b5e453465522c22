import { Command, Option } from 'commander'
import { compileManifests, formatDiagnostic } from '@postern/control-plane'
import { addManifestOptions, compileSettings, type ManifestOptions } from './manifest-options.ts'
import { readManifests } from '../read-manifests.ts'

interface CheckOptions extends ManifestOptions {
  readonly format: 'text' | 'json'
}

/** `postern check`: every finding as file:line:column. Exit 0 when there is no error or warning, 1 otherwise. */
export function checkCommand(): Command {
  const command = new Command('check')
    .description('report every finding in manifests, with file, line and what to do')
    .argument('<path...>', 'file, folder, or - for standard input')
    .addOption(
      new Option('--format <form>', 'how findings are printed').choices(['text', 'json']).default('text'),
    )
  return addManifestOptions(command).action(async (paths: readonly string[], options: CheckOptions) => {
    const set = await readManifests(paths)
    const { diagnostics } = compileManifests(set, compileSettings(options))
    const lines = diagnostics.map((diagnostic) => `${formatDiagnostic(diagnostic)}\n`)
    process.stdout.write(
      options.format === 'json' ? `${JSON.stringify(diagnostics, null, 2)}\n` : lines.join(''),
    )
    process.exitCode = diagnostics.some(({ severity }) => severity !== 'info') ? 1 : 0
  })
}
