import type { Engine, Refused, Serve, TlsTermination } from '@postern/exchange'
import { emptyTable, type RoutingTable } from '@postern/routing-table'
import { accessEntry, passedEntry, refusedEntry, type AccessEntry } from './access-log.ts'
import type { Clock, FilterServices } from './filter.ts'
import { passThrough, statusOf, type RecordPassed } from './listener/pass-through.ts'
import { TlsSelection } from './listener/tls-selection.ts'
import { Metrics } from './metrics.ts'
import { occasionally } from './occasionally.ts'
import { serve, type Record } from './pipeline.ts'
import { PasswordChecks, type VerifySlowHash } from './passwords/password-checks.ts'
import { verifySlowHash } from './passwords/slow-hash.ts'
import { createPreparer } from './prepare.ts'
import { createResolver, type Lookup } from './runtime/resolver.ts'
import { Runtime } from './runtime/runtime.ts'

export interface DataPlaneOptions {
  readonly engine: Engine
  /** Called once per exchange of a route that is logged. */
  readonly logAccess?: (entry: AccessEntry) => void
  /** One sentence for the operator, when something failed that no client is told about. */
  readonly warn?: (message: string) => void
  readonly clock?: Clock
  /** Answers a request that has a `Postern-Explain` header with what happened to it, in a header of that name. */
  readonly explainHeader?: boolean
  /** Names to addresses; default: the system's resolver. */
  readonly lookup?: Lookup
  /** Compares passwords somewhere else; default: here, where everybody waits for it. */
  readonly verifySlowHash?: VerifySlowHash
}

export interface DataPlane {
  /** Takes a table into use: requests that are on their way finish on the old one. */
  replaceTable(table: RoutingTable): void
  /** The table in use. */
  table(): RoutingTable
  /** Answers one exchange; give it to `Engine.listen`. */
  readonly serve: Serve
  /** Counts and logs what an engine answers by itself; give it to `Engine.listen`. */
  refused(refused: Refused): void
  /** Chooses certificates, and what is not opened here; give it to `Engine.listen`. */
  readonly tls: TlsTermination
  /** True once a table was taken. */
  isReady(): boolean
  /** Exchanges that are not over, tunnels included. */
  inFlight(): number
  /** Prometheus text. */
  metricsText(): string
}

/** From exchange to exchange: match, filter, forward, respond, record. Listens to nobody: `serve` is given to an engine. */
export function createDataPlane(options: DataPlaneOptions): DataPlane {
  const { engine, clock = systemClock } = options
  const warn = occasionally(options.warn ?? (() => undefined), clock)
  const metrics = new Metrics()
  const services: FilterServices = {
    engine,
    clock,
    warn,
    runtime: new Runtime(),
    resolver: createResolver(clock, options.lookup),
    passwords: new PasswordChecks(options.verifySlowHash ?? verifySlowHash, clock),
    explains: options.explainHeader ?? false,
    attempted: (backend, endpoint, status, ms) => metrics.endpoints.attempted(backend, endpoint, status, ms),
  }
  const preparer = createPreparer(services)
  const timeAt = timestamps(clock)
  const selection = new TlsSelection()
  let current = preparer.next(emptyTable).prepared
  let isReady = false

  const record: Record = (journey, result) => {
    const { now } = journey
    const durationMs = now - journey.startedAt
    metrics.end(journey, result, durationMs)
    if (journey.route.route.accessLog)
      options.logAccess?.(accessEntry(journey, result, timeAt(now), durationMs))
  }
  const recordPassed: RecordPassed = (to, passed, startedAt) => {
    const [status, now] = [statusOf(passed), clock.now()]
    metrics.passthroughs.passed(to, status, passed.bytes)
    if (passed.outcome === 'unreached')
      warn(
        `a TLS connection for ${to.host} was closed, since nobody could be reached: ${passed.problem ?? ''}`,
      )
    if (to.accessLog) options.logAccess?.(passedEntry(to, passed, status, timeAt(now), now - startedAt))
  }
  return {
    replaceTable: (table) => {
      const turn = preparer.next(table)
      // One assignment: a request sees the old table or the new one, never parts of both.
      current = turn.prepared
      selection.replace(table)
      isReady = true
      metrics.tableReplaced(current, turn.touchedHosts)
      if (!turn.lostEndpoints) return
      const isLive = (address: string, port: number): boolean => preparer.usesEndpoint(address, port)
      engine.prune(isLive)
      metrics.endpoints.prune(isLive)
    },
    table: () => current.table,
    serve: (exchange) => {
      metrics.begin()
      return serve(exchange, current, services, record)
    },
    refused: (refused) => {
      metrics.refused(refused.status)
      options.logAccess?.(refusedEntry(refused, timeAt(clock.now())))
    },
    tls: {
      select: (serverName) => selection.select(serverName),
      passthrough: (serverName) => {
        const to = passThrough(serverName, current, services, recordPassed)
        if (to !== undefined) metrics.passthroughs.begin()
        return to
      },
    },
    isReady: () => isReady,
    inFlight: () => metrics.inFlight,
    metricsText: () => metrics.text(),
  }
}

/** ISO 8601, by a reading of `clock.now`. Many requests end in one millisecond: it is made once for all of them. */
function timestamps(clock: Clock): (nowMs: number) => string {
  let madeAt = NaN
  let text = ''
  return (nowMs) => {
    const ms = Math.floor(nowMs)
    if (ms !== madeAt) {
      text = clock.date().toISOString()
      madeAt = ms
    }
    return text
  }
}

// Read here once: the global is looked up anew by every call, through a getter.
const timer = performance
const systemClock: Clock = { now: () => timer.now(), date: () => new Date() }
