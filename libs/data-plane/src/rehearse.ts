import type { Exchange } from '@postern/exchange'
import type { BackendId, BackendTarget, Filter, Route, RoutingTable } from '@postern/routing-table'
import { chooseCanary } from './balance/canary.ts'
import type { Clock, FilterServices } from './filter.ts'
import type { Journey } from './journey.ts'
import { matchHost } from './match/match-host.ts'
import { matchRoute } from './match/match-route.ts'
import { serve } from './pipeline.ts'
import { PasswordChecks } from './passwords/password-checks.ts'
import { verifySlowHash } from './passwords/slow-hash.ts'
import { createPreparer } from './prepare.ts'
import type { PreparedHost, PreparedRoute, PreparedTable } from './prepared.ts'
import { RehearsalEngine, type RehearsedAnswer, type RehearsedRequest } from './rehearsal-engine.ts'
import { Runtime } from './runtime/runtime.ts'

export type { RehearsedAnswer, RehearsedRequest } from './rehearsal-engine.ts'

/** Which side of a canary a request falls on, and whether that is a matter of chance. */
export interface CanaryDecision {
  readonly backend: BackendId
  /** True when neither cookie nor header decide: `backend` is the side that was asked for. */
  readonly byWeight: boolean
}

/** What the gateway would do with one exchange. */
export interface Rehearsal {
  /** Pattern of the virtual host, undefined when no host fits. */
  readonly host: string | undefined
  readonly route: Route
  /** The filter that ended the road. */
  readonly stoppedBy: Filter['kind'] | undefined
  readonly canary: CanaryDecision | undefined
  /** The backend that was asked for endpoints last. */
  readonly backend: BackendId | undefined
  readonly client: Journey['client']
  /** Why the gateway answers itself. */
  readonly reason: string | undefined
  readonly sent: readonly RehearsedRequest[]
  readonly answer: RehearsedAnswer
}

export interface RehearseOptions {
  /** The side of a canary when weights decide; `main` unless given. */
  readonly side?: 'main' | 'canary'
}

export type Rehearse = (exchange: Exchange, options?: RehearseOptions) => Promise<Rehearsal>

/**
 * Plays exchanges through the very pipeline that serves them, with an engine that has no sockets: what is explained and
 * what is served cannot differ. Upstreams and auth services are taken to answer 200, names to have one address.
 */
export function createRehearsal(table: RoutingTable): Rehearse {
  // Every rehearsal stands for a first request: an hour later no limit remembers the one before.
  let now = 0
  const clock: Clock = { now: () => now, date: () => new Date(now) }
  const resolver = { resolve: (name: string) => [name] }
  const engine = new RehearsalEngine()
  const passwords = new PasswordChecks(verifySlowHash, clock)
  const runtime = new Runtime()
  const services: FilterServices = { engine, clock, resolver, runtime, passwords, warn: () => undefined }
  const prepared = createPreparer(services).next(table).prepared

  return async (exchange, { side = 'main' } = {}) => {
    now += 3_600_000
    let canary: CanaryDecision | undefined
    const decided = withDecision(prepared, exchange, side, (decision) => (canary = decision))
    let seen: Journey | undefined
    await serve(exchange, decided, services, (journey) => (seen = journey))
    const { sent, answer } = engine.of(exchange)
    if (seen === undefined || answer === undefined) throw new Error('a rehearsal ended without an answer')
    return {
      host: seen.host?.pattern,
      route: seen.route.route,
      stoppedBy: seen.stoppedBy,
      canary,
      backend: seen.backend,
      client: seen.client,
      reason: seen.reason,
      sent,
      answer,
    }
  }
}

function routeFor(table: PreparedTable, exchange: Exchange): PreparedRoute {
  return matchRoute(matchHost(table, exchange), table, exchange.path.normalized)
}

/** The same table, but for the one host of this exchange, whose canary says how it decided and never throws dice. */
function withDecision(
  table: PreparedTable,
  exchange: Exchange,
  side: 'main' | 'canary',
  tell: (decision: CanaryDecision) => void,
): PreparedTable {
  const host = matchHost(table, exchange)
  const route = routeFor(table, exchange)
  const { target } = route.route
  if (host === undefined || target.kind !== 'backend' || target.canary === undefined) return table
  const { canary } = target
  const affinity = table.backends.get(target.backend)?.backend.affinity
  const chooseBackend = (journey: Journey, to: BackendTarget): BackendId => {
    let byWeight = false
    const chance = (): number => {
      byWeight = true
      return side === 'canary' ? 0 : 1
    }
    const backend = chooseCanary(canary, target.backend, affinity, chance)(journey, to)
    tell({ backend, byWeight })
    return backend
  }
  const own: PreparedHost = { ...host, match: () => ({ ...route, chooseBackend }) }
  return { ...table, exactHosts: new Map([[exchange.host as string, own]]) }
}
