import type { Exchange } from '@postern/exchange'
import type { BackendId, Endpoint, Filter } from '@postern/routing-table'
import { clientFacts, type ClientFacts } from './client-facts.ts'
import type { PreparedHost, PreparedRoute, PreparedTable } from './prepared.ts'
import { randomId } from './random-id.ts'

/** What one exchange collects on its way. Made at the start, read by the access log and the metrics at the end. */
export class Journey {
  readonly exchange: Exchange
  /** Read once: a table that arrives in the middle of a request changes nothing for it. */
  readonly table: PreparedTable
  readonly client: ClientFacts
  /** Milliseconds on the plane's clock. */
  readonly startedAt: number
  /** The same clock as it was last read: anew by everybody who waited, and by nobody else. */
  now: number
  /** The client's, or a random one of 32 hex digits. */
  readonly requestId: string
  /** Set by matching, before any filter runs. */
  host: PreparedHost | undefined
  route: PreparedRoute
  /** Path and query that the upstream gets; rewriting changes them. */
  upstreamPath: string
  upstreamQuery: string
  backend: BackendId | undefined
  endpoint: Endpoint | undefined
  /** The Set-Cookie line that keeps the client with its endpoint; the last attempt's. */
  affinityCookie: string | undefined
  /** Attempts at upstreams. */
  attempts = 0
  /** Milliseconds from sending to the response's head, of the last attempt. */
  upstreamMs: number | undefined
  /** The filter that ended the road, when one did. */
  stoppedBy: Filter['kind'] | undefined
  /** Why the gateway answered itself, for people. */
  reason: string | undefined
  /** True once a head was given to the engine: from then on nothing else can be answered. */
  isAnswered = false
  #endings: (() => void)[] | undefined

  constructor(exchange: Exchange, table: PreparedTable, startedAt: number) {
    this.startedAt = startedAt
    this.now = startedAt
    this.exchange = exchange
    this.table = table
    this.client = clientFacts(exchange, table.settings, table.trustedProxies)
    this.requestId = exchange.headers.get('x-request-id') ?? randomId()
    this.route = table.defaultRoute
    this.upstreamPath = exchange.path.forwarded
    this.upstreamQuery = exchange.path.query
  }

  /** Calls `end` once when the exchange is over, however it ends. */
  whenOver(end: () => void): void {
    this.#endings ??= []
    this.#endings.push(end)
  }

  finish(): void {
    for (const end of this.#endings ?? []) end()
    this.#endings = undefined
  }
}
