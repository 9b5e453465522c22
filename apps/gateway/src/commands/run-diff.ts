import type { Command } from 'commander'
import type { ManifestSet } from '@postern/control-plane'
import { against, diff, formatAgainst, formatDiff } from '@postern/explain'
import { readManifestsOrTell, tellUnapplied } from '../read-manifests.ts'
import type { DiffOptions } from './diff.ts'
import { compileSettings } from './manifest-options.ts'

/** Prints what differs and leaves the exit code. */
export async function runDiff(
  old: string,
  next: string,
  options: DiffOptions,
  command: Command,
): Promise<void> {
  const settings = compileSettings(options)
  if (old === '-' && next === '-')
    command.error('error: standard input cannot be both OLD and NEW', { exitCode: 2 })
  if (options.against !== undefined) {
    const url = gatewayUrl(options.against, command)
    const { askGateway } = await import('../ask-gateway.ts')
    const found = await against(await readAsWritten(next), {
      settings,
      scheme: url.protocol === 'https:' ? 'https' : 'http',
      exactPort: options.redirectPort !== undefined,
      ask: (request) => askGateway(url, request),
    })
    print(found, options, formatAgainst)
    process.exitCode = found.differences.length === 0 ? 0 : 1
    return
  }
  const found = await diff(await readAsWritten(old), await readAsWritten(next), settings)
  print(found, options, formatDiff)
  process.exitCode = found.changed === 0 ? 0 : 1
}

async function readAsWritten(path: string): Promise<ManifestSet> {
  const set = await readManifestsOrTell([path])
  tellUnapplied(set)
  return set
}

function print<Found>(found: Found, { json }: DiffOptions, format: (found: Found) => string): void {
  process.stdout.write(json === true ? `${JSON.stringify(found, null, 2)}\n` : format(found))
}

function gatewayUrl(text: string, command: Command): URL {
  const whole = text.includes('://') ? text : `http://${text}`
  const url = URL.canParse(whole) ? new URL(whole) : undefined
  // The probes bring paths and passwords of their own.
  const isBare = url !== undefined && url.pathname === '/' && url.search === '' && url.username === ''
  if (isBare && (url.protocol === 'http:' || url.protocol === 'https:')) return url
  return command.error(`error: --against: expected http://HOST:PORT or https://HOST:PORT; got "${text}"`, {
    exitCode: 2,
  })
}
