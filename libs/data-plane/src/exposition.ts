import { BUCKETS_S, type Series } from './series.ts'

type Sample = readonly [labels: string, value: number]

/** One metric in the Prometheus text format 0.0.4. `labels` come with their braces, or empty. */
export function metric(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  samples: readonly Sample[],
): string[] {
  return [
    ...heading(name, type, help),
    ...samples.map(([labels, value]) => `${name}${labels} ${String(value)}`),
  ]
}

/** How often each status was counted. 0 stands for no answer at all. */
export function byStatus(all: readonly Series[]): readonly Sample[] {
  return all.flatMap(({ labels, statuses, byStatus }) =>
    statuses.map(
      (status, at) =>
        [`{${labels},status="${status === 0 ? 'none' : String(status)}"}`, byStatus[at] ?? 0] as const,
    ),
  )
}

/** What was timed, as a histogram. */
export function histogram(name: string, help: string, all: readonly Series[]): string[] {
  const lines = heading(name, 'histogram', help)
  for (const { labels, buckets, timed, sumS } of all) {
    let below = 0
    for (const [at, bound] of BUCKETS_S.entries()) {
      below += buckets[at] ?? 0
      lines.push(`${name}_bucket{${labels},le="${String(bound)}"} ${String(below)}`)
    }
    lines.push(
      `${name}_bucket{${labels},le="+Inf"} ${String(timed)}`,
      `${name}_sum{${labels}} ${String(sumS)}`,
      `${name}_count{${labels}} ${String(timed)}`,
    )
  }
  return lines
}

/** `name="value",…` */
export function labelsOf(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escapeLabel(value)}"`)
    .join(',')
}

function heading(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`]
}

function escapeLabel(text: string): string {
  return text.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))
}
