import type { Certificate, ClientCertificatePolicy, Endpoint, ResponseRate } from '@postern/routing-table'
import type { ConnectionFacts, Exchange } from './exchange.ts'
import type { Reply } from './reply.ts'
import type { UpstreamRequest, UpstreamResponse } from './upstream.ts'

/**
 * Bytes to messages and back. Filters, matching, balancing and logging never see more of the wire than this.
 * The first engine stands on node:http and undici; our own replaces it without touching a filter.
 */
export interface Engine {
  /** Starts to accept. Resolves when the port is bound; rejects with a sentence that names the address otherwise. */
  listen(options: ListenOptions, serve: Serve): Promise<Listener>
  /**
   * One attempt. Resolves with the final response head (1xx are handled inside; 101 gives `upgraded`).
   * Rejects with a `GatewayError`; `retrySafe` tells whether another attempt may follow.
   */
  send(exchange: Exchange, request: UpstreamRequest): Promise<UpstreamResponse>
  /**
   * Writes head (with `responseEdits`) and body to the client, with backpressure. Resolves when the last byte is handed over;
   * no promise when that is so at once, as with most small answers. With a rate the body leaves no faster.
   */
  relay(
    exchange: Exchange,
    response: UpstreamResponse,
    rate?: ResponseRate,
  ): RelayResult | Promise<RelayResult>
  /** Joins client and upstream after a 101, until either side ends or `idleMs` pass without a byte. */
  tunnel(exchange: Exchange, response: UpstreamResponse, idleMs: number): Promise<RelayResult>
  /** Answers from here, with `responseEdits`. An unread request body is drained within limits or the connection closed. */
  reply(exchange: Exchange, reply: Reply): Promise<RelayResult>
  /** Closes idle upstream connections to endpoints that are gone; busy ones finish. Called after a table change. */
  prune(isLive: (address: string, port: number) => boolean): void
  /** Closes every upstream connection. Listeners are closed on their own before. */
  close(): Promise<void>
}

/** Must not reject: failures become replies inside. */
export type Serve = (exchange: Exchange) => void | Promise<void>

export interface ListenOptions {
  readonly host: string
  readonly port: number
  /** Absent: plain HTTP. */
  readonly tls?: TlsTermination
  /** Several processes may bind the same port (SO_REUSEPORT). */
  readonly reusePort?: boolean
  readonly limits: ListenerLimits
  /** Peers that are believed when they send the PROXY protocol; absent: it is not spoken. */
  readonly proxyProtocol?: boolean
  /** Told of every message that the engine answers by itself and closes on; must not throw. */
  readonly onRefused?: (refused: Refused) => void
}

/** What never became an exchange: no legal request, too large, too late, or one connection too many. */
export interface Refused {
  readonly status: number
  /** The engine's own words; nothing that the client sent. */
  readonly reason: string
  readonly connection: ConnectionFacts
  /** It was closed without a word: who does not begin as agreed may not even speak HTTP. */
  readonly unanswered?: boolean
}

/** Times in milliseconds, sizes in bytes. */
export interface ListenerLimits {
  readonly headTimeoutMs: number
  readonly bodyIdleTimeoutMs: number
  readonly keepAliveTimeoutMs: number
  readonly maxHeadBytes: number
  readonly maxHeaderCount: number
  readonly maxRequestsPerConnection: number
  /** Beyond it new connections get 503 instead of a reset. */
  readonly maxConnections: number
  /** So many of them may be told so at a time; those beyond are cut. Absent: as many as the engine finds right. */
  readonly maxShed?: number
}

export interface TlsTermination {
  /** Reads the current table at handshake time; a connection that outlives a swap keeps its certificate. */
  select(serverName: string | undefined): TlsIdentity | undefined
  /**
   * Asked before `select`, once for each connection that names a server: what it gives is not opened here. Our own engine
   * asks; the one on node:http ends all TLS.
   */
  passthrough?(serverName: string): Passthrough | undefined
}

/** Where one TLS connection goes that is not opened here. */
export interface Passthrough {
  /** Asked once. In the order of trying: the next one is tried while nobody has let the connection in. */
  endpoints(): Promise<readonly Endpoint[]>
  readonly connectMs: number
  /** Without a byte in either direction for so long it is closed. */
  readonly idleMs: number
  /** Called once, at the end; must not throw. */
  over(passed: PassedThrough): void
}

/** How a connection fared that was not opened. */
export interface PassedThrough {
  readonly connection: ConnectionFacts
  /** `passed` ended by itself or by silence; nobody was reached with the others, and the client's connection was closed. */
  readonly outcome: 'passed' | 'unreached' | 'client-gone' | 'too-many-connections'
  /** The last that was tried. */
  readonly endpoint: Endpoint | undefined
  readonly attempts: number
  /** Bytes from the endpoint. */
  readonly bytes: number
  /** Why the last endpoint could not be reached. */
  readonly problem?: string
}

/** Engines keep what they derive (a SecureContext) per object identity of `certificate`. */
export interface TlsIdentity {
  readonly certificate: Certificate
  readonly ciphers?: string
  readonly clientAuth?: ClientCertificatePolicy
}

export interface Listener {
  readonly host: string
  /** The port in use, also when 0 was asked for. */
  readonly port: number
  /** Number of open client connections. */
  connections(): number
  /**
   * From now on every response says `Connection: close`, while connections are accepted and served as before: so that a client
   * learns to come elsewhere before an idle connection closes under a request that it is just sending (RFC 9112 §9.5).
   */
  retire(): void
  /**
   * Stops accepting and closes idle connections; busy ones get `Connection: close` with their response.
   * Resolves when the last connection is closed, tunnels included: whoever cannot wait calls `destroy`.
   */
  stop(): Promise<void>
  /** Cuts what is still open. */
  destroy(): void
}

/** What went to the client. `complete` is false when the response was cut short. */
export interface RelayResult {
  readonly status: number
  readonly bodyBytes: number
  readonly complete: boolean
}
