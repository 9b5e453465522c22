import type { HostName } from '@postern/routing-table'
import type { HeaderEdits, HeaderView } from './headers.ts'
import type { RequestPath } from './request-path.ts'

/**
 * One request and its coming response, as filters, matching, balancing and logging see them: messages, not sockets.
 * An engine makes it once the head is read and has passed the engine's own checks (RFC 9112 §3.2: exactly one legal Host).
 */
export interface Exchange {
  readonly method: string
  /** Path and query as received. */
  readonly target: string
  readonly path: RequestPath
  /** From Host or `:authority`: lower case, without port. */
  readonly host: HostName
  /** Host header as received, port included. */
  readonly authority: string
  readonly httpVersion: '1.0' | '1.1' | '2'
  readonly headers: HeaderView
  readonly body: RequestBody
  readonly connection: ConnectionFacts
  /** The protocol of a well-formed `Connection: Upgrade` request, lower case, or undefined. */
  readonly upgrade: string | undefined
  /** Changes to the request that goes upstream; the engine itself removes hop-by-hop fields (RFC 9110 §7.6.1). */
  readonly requestEdits: HeaderEdits
  /** Changes to the response that goes to the client. */
  readonly responseEdits: HeaderEdits
  /** Aborted when the client leaves before its response is complete. Made when first asked for. */
  readonly signal: AbortSignal
  /** Limits the request body from now on; a body that grows beyond it fails with `body-too-large`. */
  limitBody(maxBytes: number): void
  /**
   * Keeps a copy of the request body as it passes to whoever reads it, and makes nobody read it or wait. Resolves once the last
   * byte has passed; with undefined when there are more than `maxBytes`, or when the body never came whole.
   */
  copyBody(maxBytes: number): Promise<Uint8Array | undefined>
}

export interface RequestBody {
  /** Bytes announced by Content-Length, 0 for none, undefined when chunked. */
  readonly length: number | undefined
  /** True until the first byte of the body has left for an upstream: only then may a request be sent again. */
  readonly replayable: boolean
}

/** What the connection says, not what headers claim. */
export interface ConnectionFacts {
  readonly scheme: 'http' | 'https'
  readonly remoteAddress: string
  readonly remotePort: number
  readonly localPort: number
  /** Grows by one per connection; for logs and per-connection limits. */
  readonly id: number
  readonly tls?: TlsFacts
  /** Room for what whoever serves derives from the connection: it lives as long, and engines do not look into it. */
  memo?: unknown
}

export interface TlsFacts {
  readonly serverName: string | undefined
  readonly protocol: string
  readonly cipher: string
  /** The client's certificate, when one was asked for. */
  readonly client?: {
    readonly verified: boolean
    readonly error?: string
    readonly subject: string
    readonly issuer: string
    /** Certificates between it and the authority that verified it. */
    readonly depth: number
    readonly pem: string
  }
}
