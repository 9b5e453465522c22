import { GatewayError, type UpstreamRequest, type UpstreamResponse } from '@postern/exchange'
import type { UpstreamTls } from '@postern/routing-table'
import type { FilterServices } from '../filter.ts'
import type { Journey } from '../journey.ts'

/** A request of our own, on behalf of a client. */
export interface Subrequest {
  readonly url: URL
  readonly method: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Absent: the URL's. */
  readonly host?: string
  /** Absent: none. */
  readonly body?: UpstreamRequest['body']
}

const TIMEOUTS = { connectMs: 5_000, readMs: 60_000, sendMs: 60_000 }
const MAX_HEAD_BYTES = 16_384

// One object, because engines keep connections per identity of the settings.
const VERIFIED: UpstreamTls = { verify: true }

/** Sends it. Fails with a `GatewayError`, as any attempt. The upstream of a `https:` URL is verified. */
export async function subrequest(
  services: FilterServices,
  journey: Journey,
  request: Subrequest,
): Promise<UpstreamResponse> {
  const { url, method, headers, host = url.host, body = 'none' } = request
  const isTls = url.protocol === 'https:'
  const name = url.hostname.replace(/^\[|\]$/g, '')
  const [address] = await services.resolver.resolve(name)
  if (address === undefined) throw new GatewayError('connect-failed', { detail: `${name} has no address` })
  return services.engine.send(journey.exchange, {
    endpoint: { address, port: Number(url.port || (isTls ? 443 : 80)) },
    ...(isTls && { tls: VERIFIED }),
    method,
    target: url.pathname + url.search,
    host,
    body,
    ownHeaders: headers,
    timeouts: TIMEOUTS,
    maxResponseHeadBytes: MAX_HEAD_BYTES,
    pipelining: 1,
  })
}

const NOT_COPIED = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'expect',
  'upgrade',
  'connection',
  'range',
])

/** The client's headers without framing, for a request that tells somebody else what the client asked. */
export function clientHeaders(
  { exchange }: Journey,
  without: ReadonlySet<string> = new Set(),
): (readonly [string, string])[] {
  const copied: (readonly [string, string])[] = []
  exchange.headers.each((name, value) => {
    const lower = name.toLowerCase()
    if (!NOT_COPIED.has(lower) && !without.has(lower)) copied.push([name, value])
  })
  return copied
}
