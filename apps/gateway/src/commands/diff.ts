import { Command } from 'commander'
import { addManifestOptions, type ManifestOptions } from './manifest-options.ts'

export interface DiffOptions extends ManifestOptions {
  readonly json?: boolean
  readonly against?: string
}

const EXAMPLES = `
Exits with 0 when no request ends otherwise, with 1 when some do.

Examples:
  postern diff old.yaml new.yaml
  kustomize build overlays/production | postern diff live.yaml -
  postern diff ingress/ ingress/ --against http://127.0.0.1:8080
  postern diff ingress/ ingress/ --against https://127.0.0.1:8443`

/** `postern diff`: which requests end otherwise. Exit 0 when none does, 1 when some do. */
export function diffCommand(): Command {
  const command = new Command('diff')
    .description('say which requests would end otherwise under new manifests; sends nothing unless --against')
    .argument('<old>', 'file, folder, or - for standard input')
    .argument('<new>', 'the same')
    .option('--json', 'the answer as JSON')
    .option(
      '--against <url>',
      'play safe requests for NEW at a running gateway or nginx (http or https), and compare',
    )
  command.addHelpText('after', EXAMPLES)
  return addManifestOptions(command).action(async (old: string, next: string, options: DiffOptions) => {
    const { runDiff } = await import('./run-diff.ts')
    await runDiff(old, next, options, command)
  })
}
