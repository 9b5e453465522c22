import { parseArgs } from 'node:util'

/** A command line of kubectl or minikube as the printed ones use it. */
export interface CommandLine {
  /** Words that are not flags, in order. */
  readonly words: readonly string[]
  readonly flags: Readonly<Record<string, string>>
  /** What follows `--`. */
  readonly rest: readonly string[]
}

const VALUED = {
  namespace: { type: 'string', short: 'n' },
  selector: { type: 'string', short: 'l' },
  output: { type: 'string', short: 'o' },
  kustomize: { type: 'string', short: 'k' },
  container: { type: 'string', short: 'c' },
  patch: { type: 'string', short: 'p' },
  image: { type: 'string' },
  replicas: { type: 'string' },
  restart: { type: 'string' },
  url: { type: 'boolean' },
  rm: { type: 'boolean' },
  stdin: { type: 'boolean', short: 'i' },
  tty: { type: 'boolean', short: 't' },
  follow: { type: 'boolean', short: 'f' },
  watch: { type: 'boolean' },
  driver: { type: 'string' },
  for: { type: 'string' },
  all: { type: 'boolean' },
  'all-namespaces': { type: 'boolean' },
  'field-selector': { type: 'string' },
  timeout: { type: 'string' },
} as const

/** @throws TypeError for a flag that no printed command has had so far. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const cut = argv.indexOf('--')
  const { values, positionals } = parseArgs({
    args: cut === -1 ? [...argv] : argv.slice(0, cut),
    options: VALUED,
    allowPositionals: true,
  })
  const flags = Object.entries(values).map(([name, value]) => [name, String(value).replace(/^=/, '')])
  return {
    words: positionals,
    flags: Object.fromEntries(flags) as Readonly<Record<string, string>>,
    rest: cut === -1 ? [] : argv.slice(cut + 1),
  }
}
