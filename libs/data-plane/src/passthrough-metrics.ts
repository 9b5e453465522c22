import type { TlsPassthrough } from '@postern/routing-table'
import { byStatus, labelsOf, metric } from './exposition.ts'
import { SeriesSet } from './series.ts'

const MOST_HOSTS = 10_000

/** Counts TLS connections that were not ended here, per host. */
export class PassthroughMetrics {
  readonly #set = new SeriesSet(MOST_HOSTS, labelsOf({ host: 'other', namespace: 'other', ingress: 'other' }))

  #open = 0

  begin(): void {
    this.#open += 1
  }

  passed({ host, origin }: TlsPassthrough, status: number, bytes: number): void {
    this.#open -= 1
    const { namespace, name: ingress } = origin
    const series = this.#set.find(host) ?? this.#set.make(host, labelsOf({ host, namespace, ingress }))
    series.count(status)
    series.bytes += bytes
  }

  /** Lets go of the numbers of hosts whose TLS is ended here by now. */
  prune(isPassed: (host: string) => boolean): void {
    for (const host of [...this.#set.names()]) if (!isPassed(host)) this.#set.drop(host)
  }

  lines(): string[] {
    const all = this.#set.all()
    return [
      ...metric(
        'postern_passthrough_connections',
        'gauge',
        'TLS connections that are passed through unopened now.',
        [['', this.#open]],
      ),
      ...metric(
        'postern_passthrough_connections_total',
        'counter',
        'TLS connections that were passed through unopened, by host and how they ended; 502 and 503 reached nobody.',
        byStatus(all),
      ),
      ...metric(
        'postern_passthrough_bytes_total',
        'counter',
        'Bytes that endpoints sent over such connections.',
        all.map(({ labels, bytes }) => [`{${labels}}`, bytes]),
      ),
    ]
  }
}
