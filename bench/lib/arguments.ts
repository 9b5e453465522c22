import { parseArgs } from 'node:util'
import { SCENARIOS } from '../scenarios/index.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { TARGETS } from './targets.ts'

export interface BenchArguments {
  readonly scenarios: readonly Scenario[]
  /** Absent: all of a scenario's. */
  readonly targets?: readonly string[]
  readonly rounds: number
  readonly seconds: number
  readonly connections: number
  readonly guard: boolean
  readonly dry: boolean
}

export const USAGE = `usage: npm run bench -- [scenario]… [options]

Measures the gateway beside its peers and keeps a page per scenario in bench/results/.
scenarios: ${SCENARIOS.map(({ name }) => name).join(', ')} (all, when none is named)

  --target NAME      only this one; may be given several times
                     ${TARGETS.map(({ name }) => name).join('; ')}
  --rounds N         rounds, in turn over all targets (7)
  --seconds N        length of one burst (3)
  --connections N    connections of the load generator (64)
  --dry              print the page, do not keep it
  --guard            short form for CI: fails when a ratio is 20 % under the kept page, three times
  --help             this text
`

/** What was asked for, `help`, or what is wrong with it in a sentence. */
export function benchArguments(
  argv: readonly string[],
): BenchArguments | 'help' | { readonly wrong: string } {
  const parsed = parse(argv)
  if ('wrong' in parsed) return parsed
  const { values, positionals } = parsed
  if (values.help === true) return 'help'
  const names = [...positionals, ...(values.scenario ?? [])]
  const wrong =
    unknown('scenario', names, SCENARIOS) ??
    unknown('target', values.target ?? [], TARGETS) ??
    odd('rounds', values.rounds) ??
    odd('seconds', values.seconds) ??
    odd('connections', values.connections)
  if (wrong !== undefined) return { wrong }
  return {
    scenarios: SCENARIOS.filter(({ name }) => names.length === 0 || names.includes(name)),
    ...(values.target && { targets: values.target }),
    rounds: Number(values.rounds ?? 7),
    seconds: Number(values.seconds ?? 3),
    connections: Number(values.connections ?? 64),
    guard: values.guard === true,
    dry: values.dry === true,
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        scenario: { type: 'string', multiple: true },
        target: { type: 'string', multiple: true },
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        connections: { type: 'string' },
        guard: { type: 'boolean' },
        dry: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    // parseArgs says in its message which option it does not know, or which has no value.
    return { wrong: error instanceof Error ? error.message : String(error) }
  }
}

function unknown(
  kind: string,
  names: readonly string[],
  known: readonly { readonly name: string }[],
): string | undefined {
  const odd = names.find((name) => !known.some((one) => one.name === name))
  if (odd === undefined) return undefined
  return `there is no ${kind} ${JSON.stringify(odd)}: expected one of ${known.map(({ name }) => name).join(', ')}`
}

function odd(option: string, value: string | undefined): string | undefined {
  if (value === undefined || /^[1-9]\d{0,4}$/.test(value)) return undefined
  return `--${option} ${value}: expected a whole number from 1`
}
