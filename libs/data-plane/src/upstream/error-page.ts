import { GatewayError, type UpstreamResponse } from '@postern/exchange'
import type { BackendId, BackendTarget } from '@postern/routing-table'
import { clientHeaders } from '../client-headers.ts'
import type { FilterServices } from '../filter.ts'
import type { Journey } from '../journey.ts'
import { endpointsOf } from '../endpoints-of.ts'
import { upstreamRequest } from './upstream-request.ts'

/** The error backend's answer for a status of this route, or undefined when that status is not intercepted. */
export async function errorPage(
  journey: Journey,
  target: BackendTarget,
  status: number,
  services: FilterServices,
): Promise<UpstreamResponse | undefined> {
  const { interceptErrors } = target.policy
  if (interceptErrors === undefined || !interceptErrors.statuses.includes(status)) return undefined
  const prepared = journey.table.backends.get(interceptErrors.backend)
  if (prepared === undefined) return undefined
  try {
    const endpoints = await endpointsOf(prepared.backend, services.resolver)
    const endpoint = prepared.balancer.pick(endpoints, journey, [])
    if (endpoint === undefined) return undefined
    const request = upstreamRequest(journey, { ...target.policy, protocol: 'http' }, endpoint)
    return await services.engine.send(journey.exchange, {
      ...request,
      method: journey.exchange.method === 'HEAD' ? 'HEAD' : 'GET',
      // nginx rewrites the path to / and keeps the query.
      target: `/${journey.exchange.path.query}`,
      body: 'none',
      ownHeaders: [
        ...clientHeaders(journey, REPLACED),
        ['X-Forwarded-For', journey.client.forwardedFor],
        ...errorHeaders(journey, status, journey.backend ?? target.backend),
      ],
    })
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    services.warn(`the error backend ${interceptErrors.backend} failed: ${error.message}`)
    return undefined
  }
}

/** Tells a default backend what went wrong and where (`X-Code` and its neighbours). */
export function errorHeaders(
  journey: Journey,
  status: number,
  backend: BackendId,
): (readonly [string, string])[] {
  const { origin } = journey.route.route
  const [, service = '', port = ''] = backend.split('/')
  const accept = journey.exchange.headers.get('accept')
  return [
    ['X-Code', String(status)],
    ...(accept === undefined ? [] : [['X-Format', accept] as const]),
    ['X-Original-URI', journey.exchange.target],
    ['X-Namespace', origin.namespace],
    ['X-Ingress-Name', origin.name],
    ['X-Service-Name', service],
    ['X-Service-Port', port],
    ['X-Request-ID', journey.requestId],
  ]
}

// Never what would let a client pretend to be us, nor what speaks of a body that does not go along.
const REPLACED = new Set([
  'content-type',
  'x-forwarded-for',
  'x-code',
  'x-format',
  'x-original-uri',
  'x-namespace',
  'x-ingress-name',
  'x-service-name',
  'x-service-port',
  'x-request-id',
])
