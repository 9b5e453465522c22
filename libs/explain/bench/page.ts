import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'

export interface Timed {
  readonly name: string
  readonly coldMs: readonly number[]
  readonly warmMs: readonly number[]
}

const GOALS: Readonly<Record<string, number>> = { 'postern explain': 300, 'postern diff': 5_000 }

/** The results as a page. */
export function page(
  timed: readonly Timed[],
  { root, count, load }: { readonly root: string; readonly count: number; readonly load: number },
): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
  const machine = `${String(cpus().length)} × ${cpus()[0]?.model.trim() ?? 'unknown'}`
  const rounds = timed[0]?.warmMs.length ?? 0
  const verdicts = timed.flatMap(({ name, coldMs, warmMs }) => {
    const goal = GOALS[name]
    if (goal === undefined) return []
    const isKept = Math.max(median(coldMs), median(warmMs)) < goal
    return [`- \`${name}\`: goal under ${String(goal)} ms: ${isKept ? 'goal kept' : '**goal missed**'}`]
  })
  return `# explain, check and diff on ${String(count)} Ingresses

Commit ${commit}, Node ${process.version}, ${machine}, load before ${load.toFixed(1)}; ${String(rounds)} rounds, every command in each. \`npm run bench:explain\`

From the start of the process to its end, through \`apps/gateway/bin/postern.mjs\` and the built gateway. One file of ${String(count)} Ingresses, as many
Services and EndpointSlices; a third of the Ingresses rewrite by regular expression. Cold: the first run after installing. Warm: every run after it,
with the compile cache of Node that the first one left. \`node -e 0\` is what an empty program takes on this machine at this time.

| command | cold ms, median (min–max) | warm ms, median (min–max) | warm, in starts of node |
|---|---|---|---|
${timed.map((one) => row(one, median(timed[0]?.warmMs ?? []))).join('\n')}

${verdicts.join('\n')}
`
}

function row({ name, coldMs, warmMs }: Timed, nodeMs: number): string {
  const ratio = (median(warmMs) / nodeMs).toFixed(1)
  return `| \`${name}\` | ${spread(coldMs)} | ${spread(warmMs)} | ${ratio} |`
}

function spread(times: readonly number[]): string {
  const [least, most] = [Math.min(...times), Math.max(...times)]
  return `${median(times).toFixed(0)} (${least.toFixed(0)}–${most.toFixed(0)})`
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0
}
