import { GatewayError, type UpstreamRequest } from '@postern/exchange'
import type { Endpoint, UpstreamPolicy, UpstreamTls } from '@postern/routing-table'
import type { Journey } from '../journey.ts'

// One object, because engines keep connections per identity of the settings.
const VERIFIED: UpstreamTls = { verify: true }

/** The request of one attempt. */
export function upstreamRequest(
  journey: Journey,
  policy: UpstreamPolicy,
  endpoint: Endpoint,
): UpstreamRequest {
  const { exchange, client } = journey
  const tls = tlsFor(policy, client.scheme)
  const request: UpstreamRequest = {
    endpoint,
    method: exchange.method,
    target: journey.upstreamPath + journey.upstreamQuery,
    host: policy.host ?? client.authority,
    body: 'exchange',
    timeouts: policy.timeouts,
    maxResponseHeadBytes: policy.maxResponseHeadBytes,
    pipelining: policy.pipelining,
  }
  return tls === undefined ? request : { ...request, tls }
}

function tlsFor({ protocol, tls }: UpstreamPolicy, clientScheme: 'http' | 'https'): UpstreamTls | undefined {
  switch (protocol) {
    case 'http':
      return undefined
    case 'https':
      return tls ?? VERIFIED
    case 'auto':
      return clientScheme === 'https' ? (tls ?? VERIFIED) : undefined
    case 'grpc':
    case 'grpcs':
      throw new GatewayError('upstream-bad-response', {
        detail: 'gRPC needs HTTP/2 to the upstream, which this gateway does not speak yet',
      })
  }
}
