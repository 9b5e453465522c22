import { GatewayError, type UpstreamResponse } from '@postern/exchange'
import type { BackendId, BackendTarget, Endpoint } from '@postern/routing-table'
import type { FilterServices } from '../filter.ts'
import type { Journey } from '../journey.ts'
import type { PreparedBackend } from '../prepared.ts'
import { endpointsOf } from '../endpoints-of.ts'
import { errorHeaders } from './error-page.ts'
import { mayRetry, mayRetryStatus } from './may-retry.ts'
import { upstreamRequest } from './upstream-request.ts'

/** Chooses an endpoint, sends, and perhaps tries the next one. Fails with the `GatewayError` of the last attempt. */
export function forward(
  journey: Journey,
  target: BackendTarget,
  services: FilterServices,
): Promise<UpstreamResponse> {
  const choice = backendFor(journey, target, services)
  return choice instanceof Promise
    ? choice.then((chosen) => {
        journey.now = services.clock.now()
        return attempt(journey, target, chosen, services)
      })
    : attempt(journey, target, choice, services)
}

async function attempt(
  journey: Journey,
  { policy }: BackendTarget,
  { backend, endpoints }: Chosen,
  { engine, clock, attempted }: FilterServices,
): Promise<UpstreamResponse> {
  const { retry } = policy
  const { balancer } = backend
  const tries = retry.tries === 0 ? endpoints.length : retry.tries
  const until = retry.timeoutMs > 0 ? journey.now + retry.timeoutMs : Infinity
  let tried: readonly Endpoint[] = NONE
  for (;;) {
    const endpoint = balancer.pick(endpoints, journey, tried)
    if (endpoint === undefined) throw noEndpoints(backend.backend.id)
    journey.attempts += 1
    journey.endpoint = endpoint
    const sentAt = journey.now
    try {
      const response = await engine.send(journey.exchange, upstreamRequest(journey, policy, endpoint))
      const now = (journey.now = clock.now())
      journey.upstreamMs = now - sentAt
      balancer.observe?.(endpoint, journey.upstreamMs)
      attempted?.(backend.backend.id, endpoint, response.status, journey.upstreamMs)
      const isLast = journey.attempts >= tries || now >= until
      if (isLast || !mayRetryStatus(retry, journey, response.status)) return response
      response.discard()
    } catch (error) {
      const now = (journey.now = clock.now())
      balancer.observe?.(endpoint, undefined)
      attempted?.(backend.backend.id, endpoint, 0, undefined)
      const isLast = journey.attempts >= tries || now >= until
      if (!(error instanceof GatewayError) || isLast || !mayRetry(retry, journey, error)) throw error
    }
    tried = [...tried, endpoint]
  }
}

const NONE: readonly Endpoint[] = []

interface Chosen {
  readonly backend: PreparedBackend
  readonly endpoints: readonly Endpoint[]
}

// No promise where nothing waits: each costs a turn of the microtask queue, per request.
function backendFor(
  journey: Journey,
  target: BackendTarget,
  services: FilterServices,
): Chosen | Promise<Chosen> {
  const id = journey.route.chooseBackend?.(journey, target) ?? target.backend
  const chosen = lookUp(journey, id, services)
  if (target.whenEmpty === undefined) return chosen
  if (chosen instanceof Promise || chosen.endpoints.length === 0)
    return orStandIn(journey, id, chosen, target.whenEmpty, services)
  return chosen
}

async function orStandIn(
  journey: Journey,
  id: BackendId,
  choice: Chosen | Promise<Chosen>,
  whenEmpty: BackendId,
  services: FilterServices,
): Promise<Chosen> {
  const chosen = await choice
  if (chosen.endpoints.length > 0) return chosen
  // The default backend stands in, and is told why, as for a custom error page.
  const standIn = await lookUp(journey, whenEmpty, services)
  for (const [name, value] of errorHeaders(journey, 503, id)) journey.exchange.requestEdits.set(name, value)
  return standIn
}

function lookUp(journey: Journey, id: BackendId, services: FilterServices): Chosen | Promise<Chosen> {
  const backend = journey.table.backends.get(id)
  if (backend === undefined) throw noEndpoints(id)
  journey.backend = id
  const endpoints = endpointsOf(backend.backend, services.resolver)
  return endpoints instanceof Promise
    ? endpoints.then((list) => ({ backend, endpoints: list }))
    : { backend, endpoints }
}

function noEndpoints(id: BackendId): GatewayError {
  return new GatewayError('no-endpoints', { detail: `${id} has no ready endpoint` })
}
