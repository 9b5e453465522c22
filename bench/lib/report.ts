import { loadavg } from 'node:os'
import type { Scenario } from '../scenarios/scenario.ts'
import { machineLine } from './machine.ts'
import { median } from './median.ts'

/** One round of one target. `micros`: CPU time per request of all its processes. `core`: share of its core that was used. */
export interface Round {
  readonly requests: number
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly errors: number
  readonly micros: number
  readonly core: number
  readonly memoryMiB: number
}

export interface Measured {
  readonly target: string
  readonly rounds: readonly Round[]
}

export interface Settings {
  readonly rounds: number
  readonly seconds: number
  readonly connections: number
  readonly loadBefore: number
}

/** The page that is kept: a table per scenario with ratios, goals, and what it was measured on. */
export function page(scenario: Scenario, measured: readonly Measured[], settings: Settings): string {
  return [
    `# ${scenario.title}`,
    '',
    machine(settings),
    '',
    '| target | × base by CPU | CPU µs/request (min–max) | requests/s | p50 ms | p99 ms | PSS MiB | core use | errors |',
    '|---|---|---|---|---|---|---|---|---|',
    ...measured.map((one) => row(one, measured)),
    '',
    ...goals(scenario, measured),
    '',
  ].join('\n')
}

/** Capacity per core of one target as a multiple of another's: the median over rounds of the ratios within a round. */
export function ratio(target: string, than: string, measured: readonly Measured[]): number | undefined {
  const own = measured.find((one) => one.target === target)
  const base = measured.find((one) => one.target === than)
  if (own === undefined || base === undefined) return undefined
  return median(own.rounds.map((round, at) => (base.rounds[at]?.micros ?? NaN) / round.micros))
}

function row({ target, rounds }: Measured, all: readonly Measured[]): string {
  const middle = (read: (round: Round) => number): number => median(rounds.map(read))
  const micros = rounds.map((round) => round.micros)
  const base = ratio(target, all[0]?.target ?? '', all) ?? NaN
  const cells = [
    target,
    base.toFixed(2),
    `${middle((round) => round.micros).toFixed(1)} (${Math.min(...micros).toFixed(1)}–${Math.max(...micros).toFixed(1)})`,
    middle((round) => round.perSecond).toFixed(0),
    middle((round) => round.p50).toFixed(2),
    middle((round) => round.p99).toFixed(2),
    middle((round) => round.memoryMiB).toFixed(0),
    `${(middle((round) => round.core) * 100).toFixed(0)} %`,
    String(rounds.reduce((sum, round) => sum + round.errors, 0)),
  ]
  return `| ${cells.join(' | ')} |`
}

function goals({ goals: wanted }: Scenario, measured: readonly Measured[]): string[] {
  return wanted.map(({ target, than, floor, aim }) => {
    const reached = ratio(target, than, measured)
    const asked = `floor ${String(floor)}${aim === undefined ? '' : `, aim ${String(aim)}`}`
    if (reached === undefined) return `- ${target} against ${than}: not measured here (${asked})`
    const verdict =
      reached < floor ? 'floor missed' : aim !== undefined && reached >= aim ? 'aim reached' : 'floor kept'
    return `- ${target} against ${than}: **${reached.toFixed(2)}×** (${asked}): ${verdict}`
  })
}

function machine({ rounds, seconds, connections, loadBefore }: Settings): string {
  return [
    machineLine(),
    `Load of the machine before the run ${loadBefore.toFixed(2)}, after ${(loadavg()[0] ?? 0).toFixed(2)}. ${String(rounds)} rounds of ${String(seconds)} s, ${String(connections)} connections; targets in turn within each round, medians given.`,
    'The target runs on one core, load generator and upstream on another. × is capacity per core: CPU time per request of the base ÷ that of the target, all processes counted.',
  ].join('\n')
}
