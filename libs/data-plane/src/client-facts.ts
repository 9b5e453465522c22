import type { ConnectionFacts, Exchange, HeaderBlock } from '@postern/exchange'
import type { GlobalSettings } from '@postern/routing-table'
import { parseAddress, type AddressSet } from './address-set.ts'
import { ownCopy } from './own-copy.ts'
import { forwardedBlock } from './upstream/forwarded-block.ts'

/** Who asks and how, after what trusted proxies said was believed and everything else was not. */
export class ClientFacts {
  readonly address: string
  readonly scheme: 'http' | 'https'
  /** Host with port, as it goes to upstreams and into redirects. */
  readonly authority: string
  /** The port that the client spoke to. */
  readonly port: string
  /** For X-Forwarded-For upstream. */
  readonly forwardedFor: string
  #forwarded: HeaderBlock | undefined

  constructor(
    address: string,
    scheme: 'http' | 'https',
    authority: string,
    port: string,
    forwardedFor: string,
  ) {
    this.address = address
    this.scheme = scheme
    this.authority = authority
    this.port = port
    this.forwardedFor = forwardedFor
  }

  /** What upstreams are told of it. Made when first asked for. */
  get forwarded(): HeaderBlock {
    return (this.#forwarded ??= forwardedBlock(this))
  }
}

/** Whether a connection is a trusted proxy's, and what it says of its client if not; kept with the connection. */
class Peer {
  readonly trusted: AddressSet
  readonly isProxy: boolean
  /** Of the last request: the next is nearly always for the same host. */
  direct: ClientFacts | undefined

  constructor(trusted: AddressSet, isProxy: boolean) {
    this.trusted = trusted
    this.isProxy = isProxy
  }
}

/** Derives the facts of one exchange. `trusted` are the peers whose `X-Forwarded-*` is believed. */
export function clientFacts(exchange: Exchange, settings: GlobalSettings, trusted: AddressSet): ClientFacts {
  const { connection, authority } = exchange
  const peer = peerOf(connection, trusted)
  if (peer.isProxy) return vouchedFor(exchange, settings, trusted)
  if (peer.direct?.authority === authority) return peer.direct
  const { remoteAddress, scheme, localPort } = connection
  // Kept with the connection, which may be idle for long.
  const named = ownCopy(authority)
  return (peer.direct = new ClientFacts(remoteAddress, scheme, named, String(localPort), remoteAddress))
}

function peerOf(connection: ConnectionFacts, trusted: AddressSet): Peer {
  const known = connection.memo
  if (known instanceof Peer && known.trusted === trusted) return known
  const peer = new Peer(trusted, !trusted.isEmpty && trusted.contains(connection.remoteAddress))
  connection.memo = peer
  return peer
}

function vouchedFor(
  { connection, headers, authority }: Exchange,
  settings: GlobalSettings,
  trusted: AddressSet,
): ClientFacts {
  const peer = connection.remoteAddress
  const chain = headers.get('x-forwarded-for')
  const address = chain === undefined ? peer : lastUntrusted(chain, peer, trusted)
  const proto = headers.get('x-forwarded-proto')?.toLowerCase()
  return new ClientFacts(
    address,
    proto === 'https' || proto === 'http' ? proto : connection.scheme,
    // A chain of proxies may have written several; the first is what the client asked for.
    headers.get('x-forwarded-host')?.split(',')[0]?.trim() || authority,
    headers.get('x-forwarded-port') ?? String(connection.localPort),
    settings.appendForwardedFor && chain !== undefined ? `${chain}, ${peer}` : address,
  )
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
