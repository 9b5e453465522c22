import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { median } from '../lib/median.ts'
import type { TargetName } from './targets.ts'

/** CPU time per request of one target on one route in one round, in microseconds. */
export interface Measured {
  readonly name: TargetName
  readonly route: string
  readonly micros: number
}

/** How it was measured. */
export interface KitBench {
  /** The machine's load before the run. */
  readonly load: number
  readonly rounds: number
  readonly seconds: number
  readonly connections: number
}

const GOAL = 0.15
const BASE: TargetName = 'plain Fastify with its log'

/** The page that is kept: what was compared and why, the numbers, what the kit does in them. */
export function kitPage(measured: readonly Measured[], bench: KitBench): string {
  const routes = [...new Set(measured.map(({ route }) => route))]
  return [
    '# What the service kit costs',
    '',
    machine(bench),
    '',
    ...routes.flatMap((route) =>
      table(
        measured.filter((one) => one.route === route),
        route,
      ),
    ),
    ABOUT,
  ].join('\n')
}

function machine({ load, rounds, seconds, connections }: KitBench): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  return (
    `Commit ${commit}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, load before ${load.toFixed(1)}; ` +
    `${rounds} rounds of ${seconds} s in turn after one that is not counted, ${connections} connections, logs to /dev/null. \`npm run bench:kit\``
  )
}

function table(measured: readonly Measured[], route: string): readonly string[] {
  const micros = (name: string) => measured.filter((one) => one.name === name).map((one) => one.micros)
  const cost = (name: string) => median(micros(name)) / median(micros(BASE)) - 1
  const rows = [...new Set(measured.map(({ name }) => name))].map((name) => {
    const values = micros(name)
    const range = `${Math.min(...values).toFixed(1)}–${Math.max(...values).toFixed(1)}`
    return `| ${name} | ${median(values).toFixed(1)} (${range}) | ${percent(cost(name))} |`
  })
  const verdict = cost('kit') < GOAL ? 'goal kept' : 'goal missed'
  return [
    `## ${route}`,
    '',
    `| target | CPU µs/request, median (min–max) | against ${BASE} |`,
    '|---|---|---|',
    ...rows,
    '',
    `Kit against ${BASE}: **${percent(cost('kit'))}** (goal: under +15 %): ${verdict}.`,
    '',
  ]
}

function percent(share: number): string {
  return `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(0)} %`
}

const ABOUT = `## What is compared

All have the same routes, schemas and serializers (\`bench/kit/targets.ts\`): one small answer, and one body that is checked.

- **no log**: \`fastify()\`. It does less than anybody runs behind a gateway; the floor.
- **with its log**: \`fastify({ logger: true })\`, as the documentation starts. The base of the goal: a service has a request log, and this is what one gets
  for one line of code. It writes two lines per request, the kit one that says the same.
- **with the kit’s line**: one line by pino with the members of the kit's access line, and nothing else of the kit: the same log, the strictest comparison.
- **all by hand**: what the kit gives, written by a careful user from the READMEs of the same packages: request ids, one access line with the same members,
  Prometheus metrics, load shedding, redaction.
- **kit**: \`createService\` as every service runs it outside demo mode: all of that, errors as problems, body and time limits, 405 with \`Allow\`.

## What made the difference

Before, measured in turn with the same targets: 35.4 µs on the first route (+124 %), 43.3 µs on the second (+129 %). These were changed together, not measured
one by one:

- The access line went through pino's redaction (24 paths with wildcards) and formatters. It holds no member that can be secret, so it is written by hand; other lines are
  searched for secrets as before.
- A pino child for each request; now it is made when a request logs something else, which few do.
- One write per line; now one per turn of the event loop. Lines of the last turn are lost only by \`kill -9\`.
- Two metrics with labels looked up by every request; now one series bound per route, method and status, and \`http_requests_total\` read from the histogram when it is asked for.
- Two asynchronous hooks on every request; their work is done where Fastify reports a request's begin and end (\`LogController\`), without a hook.
`
