import { Command, Option } from 'commander'
import { addManifestOptions, type ManifestOptions } from './manifest-options.ts'

const FORMATS = ['text', 'json', 'sarif', 'junit'] as const

export interface CheckOptions extends ManifestOptions {
  readonly format: (typeof FORMATS)[number]
  readonly fix?: boolean
}

const EXAMPLES = `
Exits with 0 when there is no error or warning, with 1 otherwise.

Examples:
  postern check ingress/ deploy/
  kustomize build overlays/production | postern check -
  postern check . --format sarif > postern.sarif`

/** `postern check`: every finding as file:line:column. Exit 0 when there is no error or warning, 1 otherwise. */
export function checkCommand(): Command {
  const command = new Command('check')
    .description('report every finding in manifests, with file, line and what to do')
    .argument('<path...>', 'file, folder, or - for standard input')
    .addOption(new Option('--format <form>', 'how findings are printed').choices(FORMATS).default('text'))
    .option('--fix', 'correct what can be corrected without doubt, then report the rest')
  command.addHelpText('after', EXAMPLES)
  return addManifestOptions(command).action(async (paths: readonly string[], options: CheckOptions) => {
    const { runCheck } = await import('./run-check.ts')
    await runCheck(paths, options)
  })
}
