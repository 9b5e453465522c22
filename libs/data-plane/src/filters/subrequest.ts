import { GatewayError, type UpstreamRequest, type UpstreamResponse } from '@postern/exchange'
import type { BackendId, Endpoint, UpstreamTls } from '@postern/routing-table'
import { endpointsOf } from '../endpoints-of.ts'
import type { FilterServices } from '../filter.ts'
import type { Journey } from '../journey.ts'

/** A request of our own, on behalf of a client. */
export interface Subrequest {
  readonly url: URL
  /** Who is asked, when the URL names a backend of the table; else its host is looked up. */
  readonly backend?: BackendId
  /** Of a `https:` URL; without a name of its own the URL's counts. Absent: verified by the system's authorities. */
  readonly tls?: UpstreamTls
  readonly method: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Absent: the URL's. */
  readonly host?: string
  /** Absent: none. */
  readonly body?: UpstreamRequest['body']
}

const TIMEOUTS = { connectMs: 5_000, readMs: 60_000, sendMs: 60_000 }
const MAX_HEAD_BYTES = 16_384

/** Sends it. Fails with a `GatewayError`, as any attempt. */
export async function subrequest(
  services: FilterServices,
  journey: Journey,
  request: Subrequest,
): Promise<UpstreamResponse> {
  const { url, method, headers, host = url.host, body = 'none' } = request
  const endpoint = await (request.backend === undefined
    ? lookedUp(url, services)
    : endpointOf(request.backend, journey, services))
  return services.engine.send(journey.exchange, {
    endpoint,
    ...(url.protocol === 'https:' && { tls: namedTls(request.tls ?? VERIFIED, url, services) }),
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

async function lookedUp(url: URL, { resolver }: FilterServices): Promise<Endpoint> {
  const name = nameOf(url)
  const [address] = await resolver.resolve(name)
  if (address === undefined) throw new GatewayError('connect-failed', { detail: `${name} has no address` })
  return { address, port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)) }
}

/** At random, as behind the address that a cluster gives a Service; the backend's balancer would set the client a cookie. */
async function endpointOf(
  id: BackendId,
  { table }: Journey,
  { resolver }: FilterServices,
): Promise<Endpoint> {
  const prepared = table.backends.get(id)
  const endpoints = prepared === undefined ? [] : await endpointsOf(prepared.backend, resolver)
  const endpoint = endpoints[Math.floor(Math.random() * endpoints.length)]
  if (endpoint === undefined)
    throw new GatewayError('no-endpoints', { detail: `${id} has no ready endpoint` })
  return endpoint
}

function nameOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}

// A URL may hold the client's own host, which is any of a wildcard's.
const MAX_NAMES = 256

const VERIFIED: UpstreamTls = { verify: true }
/** Where a certificate of our own is shown: its key is nothing to compare by. */
const showing = new WeakMap<UpstreamTls, Map<string, UpstreamTls>>()

/** The same object for the same name and settings, because engines keep connections per identity of the settings. */
function namedTls(tls: UpstreamTls, url: URL, { runtime }: FilterServices): UpstreamTls {
  const serverName = tls.serverName ?? nameOf(url).replace(/\.$/, '')
  let known = tls.certificate && showing.get(tls)
  if (known === undefined) {
    const make = (): Map<string, UpstreamTls> => new Map()
    known = tls.certificate === undefined ? runtime.get('names of subrequests', make) : make()
    if (tls.certificate !== undefined) showing.set(tls, known)
  }
  const key = JSON.stringify([serverName, tls])
  let named = known.get(key)
  if (named === undefined) {
    if (known.size >= MAX_NAMES) known.clear()
    known.set(key, (named = { ...tls, serverName }))
  }
  return named
}
