import type { BackendId, Endpoint } from '@postern/routing-table'
import { byStatus, histogram, labelsOf, metric } from './exposition.ts'
import { SeriesSet, type Series } from './series.ts'

const MOST_ENDPOINTS = 10_000

interface Known {
  readonly backend: BackendId
  readonly series: Series
}

/** Counts attempts at upstreams, per backend and endpoint. */
export class EndpointMetrics {
  readonly #set = new SeriesSet(MOST_ENDPOINTS, labelsOf({ backend: 'other', endpoint: 'other' }))
  /** A shorter way than by name. */
  #known = new WeakMap<Endpoint, Known>()

  /** `elapsedMs`: until the head of the answer; undefined for an attempt that failed. */
  attempted(backend: BackendId, endpoint: Endpoint, status: number, elapsedMs: number | undefined): void {
    const known = this.#known.get(endpoint)
    const series = known?.backend === backend ? known.series : this.#find(backend, endpoint)
    series.count(status)
    if (elapsedMs !== undefined) series.time(elapsedMs)
  }

  /** Lets go of the numbers of endpoints that no backend uses any more. */
  prune(isLive: (address: string, port: number) => boolean): void {
    this.#known = new WeakMap()
    for (const name of [...this.#set.names()]) {
      const [, address = '', port = ''] = name.split(' ')
      if (!isLive(address, Number(port))) this.#set.drop(name)
    }
  }

  lines(): string[] {
    const all = this.#set.all()
    return [
      ...metric(
        'postern_upstream_requests_total',
        'counter',
        'Attempts by backend, endpoint and status; none for those without an answer.',
        byStatus(all),
      ),
      ...histogram(
        'postern_upstream_duration_seconds',
        "Time from sending a request to the head of the upstream's answer.",
        all,
      ),
    ]
  }

  #find(backend: BackendId, endpoint: Endpoint): Series {
    const { address, port } = endpoint
    const name = `${backend} ${address} ${String(port)}`
    const series =
      this.#set.find(name) ??
      this.#set.make(name, labelsOf({ backend, endpoint: `${address}:${String(port)}` }))
    this.#known.set(endpoint, { backend, series })
    return series
  }
}
