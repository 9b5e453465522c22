import type { RelayResult } from '@postern/exchange'
import { EndpointMetrics } from './endpoint-metrics.ts'
import { byStatus, histogram, labelsOf, metric } from './exposition.ts'
import type { Journey } from './journey.ts'
import { PROBE_ROUTE } from './match/match-route.ts'
import { PassthroughMetrics } from './passthrough-metrics.ts'
import type { PreparedHost, PreparedTable } from './prepared.ts'
import { SeriesSet, type Series } from './series.ts'

const MOST_ROUTES = 10_000

/** Counts exchanges per route. Plain numbers on the way; text only when somebody asks. */
export class Metrics {
  readonly endpoints = new EndpointMetrics()
  readonly passthroughs = new PassthroughMetrics()
  readonly #routes = new SeriesSet(
    MOST_ROUTES,
    labelsOf({ route: 'other', namespace: 'other', ingress: 'other' }),
  )
  /** Pattern of the host under which a route was seen. */
  readonly #hosts = new Map<string, string | undefined>()
  /** Routes of which it has to be seen whether the table in use still has them. */
  readonly #doubtful = new Set<string>()
  #inFlight = 0
  #retries = 0
  #tables = 0
  /** By status; there are few. */
  readonly #refused = new Map<number, number>()
  #revision = 0

  begin(): void {
    this.#inFlight += 1
  }

  /** A message that never became an exchange. */
  refused(status: number): void {
    this.#refused.set(status, (this.#refused.get(status) ?? 0) + 1)
  }

  end(journey: Journey, result: RelayResult, durationMs: number): void {
    this.#inFlight -= 1
    this.#retries += Math.max(0, journey.attempts - 1)
    const series = this.#seriesOf(journey)
    series.count(result.status)
    series.time(durationMs)
    series.bytes += result.bodyBytes
  }

  /** Lets go of the numbers of routes that the table does not have any more; `touchedHosts` are those that may have lost some. */
  tableReplaced(table: PreparedTable, touchedHosts: ReadonlySet<string>): void {
    this.#tables += 1
    this.#revision = table.revision
    for (const [id, host] of this.#hosts)
      if (host === undefined || touchedHosts.has(host)) this.#doubtful.add(id)
    this.#sweep(table)
    this.passthroughs.prune((host) => table.passthroughs.has(host))
  }

  // Looking a host up may prepare it: a change of all hosts is swept a millisecond at a time.
  #sweep(table: PreparedTable): void {
    const deadline = performance.now() + 1
    for (const id of this.#doubtful) {
      if (performance.now() > deadline) return void setImmediate(() => this.#sweepLater(table))
      this.#doubtful.delete(id)
      if (!isServed(table, id, this.#hosts.get(id))) this.#drop(id)
    }
  }

  #drop(id: string): void {
    this.#routes.drop(id)
    this.#hosts.delete(id)
  }

  #sweepLater(table: PreparedTable): void {
    if (this.#revision === table.revision) this.#sweep(table)
  }

  get inFlight(): number {
    return this.#inFlight
  }

  /** Prometheus text exposition format 0.0.4. */
  text(): string {
    const all = this.#routes.all()
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
      ...metric(
        'postern_refused_total',
        'counter',
        'Messages that were answered before they had a route, by status.',
        [...this.#refused].map(([status, count]) => [`{status="${String(status)}"}`, count] as const),
      ),
      ...metric('postern_requests_total', 'counter', 'Requests by route and status.', byStatus(all)),
      ...metric(
        'postern_response_bytes_total',
        'counter',
        'Bytes of response bodies by route.',
        all.map(({ labels, bytes }) => [`{${labels}}`, bytes]),
      ),
      ...histogram(
        'postern_request_duration_seconds',
        "Time from the request's head to the response's last byte.",
        all,
      ),
      ...this.endpoints.lines(),
      ...this.passthroughs.lines(),
    ]
    return `${lines.join('\n')}\n`
  }

  #seriesOf({ route: { route }, host, table }: Journey): Series {
    const { id } = route
    const known = this.#routes.find(id)
    if (known !== undefined) return known
    const { namespace, name: ingress } = route.origin
    const series = this.#routes.make(id, labelsOf({ route: id, namespace, ingress }))
    if (this.#routes.find(id) === undefined) return series
    this.#hosts.set(id, host?.pattern)
    // The request began with an earlier table, which may have been the last to have this route.
    if (table.revision !== this.#revision) this.#doubtful.add(id)
    return series
  }
}

function isServed(table: PreparedTable, id: string, pattern: string | undefined): boolean {
  const host = pattern === undefined ? undefined : hostOf(table, pattern)
  const routes = [...(host?.routes ?? []), host?.defaultRoute, table.defaultRoute, PROBE_ROUTE]
  return routes.some((route) => route?.route.id === id)
}

function hostOf(
  { exactHosts, wildcardHosts, anyHost }: PreparedTable,
  pattern: string,
): PreparedHost | undefined {
  if (pattern === '*') return anyHost
  return (pattern.startsWith('*.') ? wildcardHosts : exactHosts).get(pattern)
}
