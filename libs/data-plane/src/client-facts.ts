import type { Exchange } from '@postern/exchange'
import type { GlobalSettings } from '@postern/routing-table'
import { parseAddress, type AddressSet } from './address-set.ts'

/** Who asks and how, after what trusted proxies said was believed and everything else was not. */
export interface ClientFacts {
  readonly address: string
  readonly scheme: 'http' | 'https'
  /** Host with port, as it goes to upstreams and into redirects. */
  readonly authority: string
  /** The port that the client spoke to. */
  readonly port: string
  /** For X-Forwarded-For upstream. */
  readonly forwardedFor: string
}

/** Derives the facts once per exchange. `trusted` are the peers whose `X-Forwarded-*` is believed. */
export function clientFacts(exchange: Exchange, settings: GlobalSettings, trusted: AddressSet): ClientFacts {
  const { connection, headers, authority } = exchange
  const peer = connection.remoteAddress
  if (trusted.isEmpty || !trusted.contains(peer)) {
    return {
      address: peer,
      scheme: connection.scheme,
      authority,
      port: String(connection.localPort),
      forwardedFor: peer,
    }
  }
  const chain = headers.get('x-forwarded-for')
  const address = chain === undefined ? peer : lastUntrusted(chain, peer, trusted)
  const proto = headers.get('x-forwarded-proto')?.toLowerCase()
  return {
    address,
    scheme: proto === 'https' || proto === 'http' ? proto : connection.scheme,
    // A chain of proxies may have written several; the first is what the client asked for.
    authority: headers.get('x-forwarded-host')?.split(',')[0]?.trim() || authority,
    port: headers.get('x-forwarded-port') ?? String(connection.localPort),
    forwardedFor: settings.appendForwardedFor && chain !== undefined ? `${chain}, ${peer}` : address,
  }
}

// Read from the right: every address was written by the proxy to its right, so the first that no trusted
// proxy vouches for is the client (nginx's real_ip_recursive). What is no address ends the search, as there.
function lastUntrusted(chain: string, peer: string, trusted: AddressSet): string {
  let client = peer
  for (const hop of chain.split(',').reverse()) {
    const address = withoutPort(hop.trim())
    if (parseAddress(address) === undefined) break
    client = address
    if (!trusted.contains(address)) break
  }
  return client
}

// Some proxies write the port of the client too: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
function withoutPort(hop: string): string {
  return /^\[(.+)\](:\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop
}
