import type { RelayResult } from '@postern/exchange'
import type { Journey } from './journey.ts'
import type { PreparedHost, PreparedTable } from './prepared.ts'

const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

interface RouteNumbers {
  /** Pattern of the host under which the route was seen. */
  readonly host: string | undefined
  readonly labels: string
  readonly byStatus: Map<number, number>
  readonly buckets: number[]
  count: number
  sumS: number
  bytes: number
}

/** Counts exchanges per route. Plain numbers on the way; text only when somebody asks. */
export class Metrics {
  readonly #routes = new Map<string, RouteNumbers>()
  /** Routes of which it has to be seen whether the table in use still has them. */
  readonly #doubtful = new Set<string>()
  #inFlight = 0
  #retries = 0
  #tables = 0
  #revision = 0

  begin(): void {
    this.#inFlight += 1
  }

  end(journey: Journey, result: RelayResult, durationMs: number): void {
    this.#inFlight -= 1
    this.#retries += Math.max(0, journey.attempts - 1)
    const numbers = this.#numbersOf(journey)
    const seconds = durationMs / 1000
    numbers.byStatus.set(result.status, (numbers.byStatus.get(result.status) ?? 0) + 1)
    numbers.count += 1
    numbers.sumS += seconds
    numbers.bytes += result.bodyBytes
    const bucket = BUCKETS_S.findIndex((bound) => seconds <= bound)
    if (bucket >= 0) numbers.buckets[bucket] = (numbers.buckets[bucket] ?? 0) + 1
  }

  /** Lets go of the numbers of routes that the table does not have any more; `touchedHosts` are those that may have lost some. */
  tableReplaced(table: PreparedTable, touchedHosts: ReadonlySet<string>): void {
    this.#tables += 1
    this.#revision = table.revision
    for (const [id, { host }] of this.#routes)
      if (host === undefined || touchedHosts.has(host)) this.#doubtful.add(id)
    this.#sweep(table)
  }

  // Looking a host up may prepare it: a change of all hosts is swept a millisecond at a time.
  #sweep(table: PreparedTable): void {
    const deadline = performance.now() + 1
    for (const id of this.#doubtful) {
      if (performance.now() > deadline) return void setImmediate(() => this.#sweepLater(table))
      this.#doubtful.delete(id)
      if (!isServed(table, id, this.#routes.get(id)?.host)) this.#routes.delete(id)
    }
  }

  #sweepLater(table: PreparedTable): void {
    if (this.#revision === table.revision) this.#sweep(table)
  }

  get inFlight(): number {
    return this.#inFlight
  }

  /** Prometheus text exposition format 0.0.4. */
  text(): string {
    const lines = [
      ...metric('postern_requests_in_flight', 'gauge', 'Requests that are being answered.', [
        ['', this.#inFlight],
      ]),
      ...metric('postern_upstream_retries_total', 'counter', 'Attempts after the first.', [
        ['', this.#retries],
      ]),
      ...metric('postern_tables_total', 'counter', 'Routing tables taken into use.', [['', this.#tables]]),
      ...metric('postern_table_revision', 'gauge', 'Revision of the routing table in use.', [
        ['', this.#revision],
      ]),
      ...metric('postern_requests_total', 'counter', 'Requests by route and status.', this.#byStatus()),
      ...metric(
        'postern_response_bytes_total',
        'counter',
        'Bytes of response bodies by route.',
        this.#bytes(),
      ),
      ...this.#durations(),
    ]
    return `${lines.join('\n')}\n`
  }

  #numbersOf({ route, host, table }: Journey): RouteNumbers {
    const { id, origin } = route.route
    let numbers = this.#routes.get(id)
    if (numbers === undefined) {
      const labels = `route="${escapeLabel(id)}",namespace="${escapeLabel(origin.namespace)}",ingress="${escapeLabel(origin.name)}"`
      const empty = { byStatus: new Map(), buckets: BUCKETS_S.map(() => 0), count: 0, sumS: 0, bytes: 0 }
      numbers = { host: host?.pattern, labels, ...empty }
      this.#routes.set(id, numbers)
      // The request began with an earlier table, which may have been the last to have this route.
      if (table.revision !== this.#revision) this.#doubtful.add(id)
    }
    return numbers
  }

  #byStatus(): (readonly [string, number])[] {
    return [...this.#routes.values()].flatMap(({ labels, byStatus }) =>
      [...byStatus].map(([status, count]) => [`{${labels},status="${String(status)}"}`, count] as const),
    )
  }

  #bytes(): (readonly [string, number])[] {
    return [...this.#routes.values()].map(({ labels, bytes }) => [`{${labels}}`, bytes] as const)
  }

  #durations(): string[] {
    const name = 'postern_request_duration_seconds'
    const lines = [
      `# HELP ${name} Time from the request's head to the response's last byte.`,
      `# TYPE ${name} histogram`,
    ]
    for (const { labels, buckets, count, sumS } of this.#routes.values()) {
      let below = 0
      for (const [i, bound] of BUCKETS_S.entries()) {
        below += buckets[i] ?? 0
        lines.push(`${name}_bucket{${labels},le="${String(bound)}"} ${String(below)}`)
      }
      lines.push(
        `${name}_bucket{${labels},le="+Inf"} ${String(count)}`,
        `${name}_sum{${labels}} ${String(sumS)}`,
        `${name}_count{${labels}} ${String(count)}`,
      )
    }
    return lines
  }
}

function isServed(table: PreparedTable, id: string, pattern: string | undefined): boolean {
  const host = pattern === undefined ? undefined : hostOf(table, pattern)
  const routes = [...(host?.routes ?? []), host?.defaultRoute, table.defaultRoute]
  return routes.some((route) => route?.route.id === id)
}

function hostOf(
  { exactHosts, wildcardHosts, anyHost }: PreparedTable,
  pattern: string,
): PreparedHost | undefined {
  if (pattern === '*') return anyHost
  return (pattern.startsWith('*.') ? wildcardHosts : exactHosts).get(pattern)
}

function metric(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  samples: readonly (readonly [string, number])[],
): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(([labels, value]) => `${name}${labels} ${String(value)}`),
  ]
}

function escapeLabel(text: string): string {
  return text.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))
}
