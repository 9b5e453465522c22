import { GatewayError, type UpstreamResponse } from '@postern/exchange'
import type { BackendId, BackendTarget, Endpoint, RetryPolicy } from '@postern/routing-table'
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

/** One attempt, and the next ones where it fails. By hand and not `async`: what that keeps of a function costs every request. */
function attempt(
  journey: Journey,
  target: BackendTarget,
  chosen: Chosen,
  services: FilterServices,
  until = deadlineOf(journey, target),
  tried = NONE,
): Promise<UpstreamResponse> {
  const { backend, endpoints } = chosen
  const endpoint = backend.balancer.pick(endpoints, journey, tried)
  if (endpoint === undefined) return Promise.reject(noEndpoints(backend.backend.id))
  journey.attempts += 1
  journey.endpoint = endpoint
  const { retry } = target.policy
  const sentAt = journey.now
  return sent(journey, target, endpoint, services).then(
    (response) => {
      const now = (journey.now = services.clock.now())
      journey.upstreamMs = now - sentAt
      backend.balancer.observe?.(endpoint, journey.upstreamMs)
      services.attempted?.(backend.backend.id, endpoint, response.status, journey.upstreamMs)
      if (!mayRetryStatus(retry, journey, response.status) || isLast(journey, retry, chosen, now, until))
        return response
      response.discard()
      return attempt(journey, target, chosen, services, until, [...tried, endpoint])
    },
    (error: unknown) => {
      const now = (journey.now = services.clock.now())
      backend.balancer.observe?.(endpoint, undefined)
      services.attempted?.(backend.backend.id, endpoint, 0, undefined)
      const isOver = !(error instanceof GatewayError) || isLast(journey, retry, chosen, now, until)
      if (isOver || !mayRetry(retry, journey, error)) throw error
      return attempt(journey, target, chosen, services, until, [...tried, endpoint])
    },
  )
}

function isLast(
  { attempts }: Journey,
  { tries }: RetryPolicy,
  { endpoints }: Chosen,
  now: number,
  until: number,
): boolean {
  return now >= until || attempts >= (tries === 0 ? endpoints.length : tries)
}

function deadlineOf({ now }: Journey, { policy: { retry } }: BackendTarget): number {
  return retry.timeoutMs > 0 ? now + retry.timeoutMs : Infinity
}

function sent(
  journey: Journey,
  { policy }: BackendTarget,
  endpoint: Endpoint,
  { engine }: FilterServices,
): Promise<UpstreamResponse> {
  try {
    return engine.send(journey.exchange, upstreamRequest(journey, policy, endpoint))
  } catch (error) {
    return Promise.reject(error as Error)
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
