import { SettingsError } from './settings-error.ts'

const NAMES = ['http', 'health', 'secret'] as const

/** The lab's flags (S4.7): what was given, as text. */
export type Flags = { readonly [name in (typeof NAMES)[number]]?: string }

/**
 * Reads the command line as Go's `flag` package does, because the lab's manifests pass `-http=0.0.0.0:80`:
 * `-name=value`, `--name=value`, `-name value` and `--name value` mean the same, the last one wins.
 */
export function parseFlags(argv: readonly string[]): Flags {
  const flags: { -readonly [name in keyof Flags]: Flags[name] } = {}
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index] ?? ''
    const match = /^--?([^=]+)(?:=(.*))?$/s.exec(argument)
    const name = NAMES.find((candidate) => candidate === match?.[1])
    if (name === undefined)
      throw new SettingsError('the command line', withoutValue(argument), `only the flags ${usage()}`)
    const value = match?.[2] ?? argv[(index += 1)]
    if (value === undefined || value === '')
      throw new SettingsError(`-${name}`, value, `a value, as in ${usage()}`)
    flags[name] = value
  }
  return flags
}

function withoutValue(argument: string): string {
  return argument.startsWith('-') ? (argument.split('=')[0] ?? argument) : 'an argument without a flag'
}

function usage(): string {
  return '-http=HOST:PORT, -health=HOST:PORT, -secret=TEXT'
}
