import { Command } from 'commander'
import { against, diff, formatAgainst, formatDiff } from '@postern/explain'
import { askGateway } from '../ask-gateway.ts'
import { readManifests } from '../read-manifests.ts'
import { addManifestOptions, compileSettings, type ManifestOptions } from './manifest-options.ts'

interface DiffOptions extends ManifestOptions {
  readonly json?: boolean
  readonly against?: string
}

/** `postern diff`: which requests end otherwise. Exit 0 when none does, 1 when some do. */
export function diffCommand(): Command {
  const command = new Command('diff')
    .description('say which requests would end otherwise under new manifests; sends nothing unless --against')
    .argument('<old>', 'file or folder')
    .argument('<new>', 'file or folder')
    .option('--json', 'the answer as JSON')
    .option('--against <url>', 'play safe requests for NEW at a running gateway or nginx, and compare')
  return addManifestOptions(command).action(async (old: string, next: string, options: DiffOptions) => {
    const settings = compileSettings(options)
    const set = await readManifests([next])
    if (options.against !== undefined) {
      const url = gatewayUrl(options.against, command)
      const found = await against(set, settings, (request) => askGateway(url, request))
      process.stdout.write(
        options.json === true ? `${JSON.stringify(found, null, 2)}\n` : formatAgainst(found),
      )
      process.exitCode = found.differences.length === 0 ? 0 : 1
      return
    }
    const found = await diff(await readManifests([old]), set, settings)
    process.stdout.write(options.json === true ? `${JSON.stringify(found, null, 2)}\n` : formatDiff(found))
    process.exitCode = found.changed === 0 ? 0 : 1
  })
}

function gatewayUrl(text: string, command: Command): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:') return url
  return command.error(`error: --against: expected http://HOST:PORT; got "${text}"`, { exitCode: 2 })
}
