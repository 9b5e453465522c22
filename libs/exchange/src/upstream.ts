import type { Endpoint, UpstreamTimeouts, UpstreamTls } from '@postern/routing-table'
import type { HeaderView } from './headers.ts'

/** One attempt at one endpoint. `method`, `target` and `host` are complete: the engine adds nothing but framing. */
export interface UpstreamRequest {
  readonly endpoint: Endpoint
  /** Absent: plain TCP. Pools are kept per endpoint and TLS settings (object identity of `tls`). */
  readonly tls?: UpstreamTls
  readonly method: string
  /** Origin-form: path and query. */
  readonly target: string
  readonly host: string
  /** `exchange`: the client's body, streamed; `none`: no body, whatever the client sent stays unread; bytes: these. */
  readonly body: 'exchange' | 'none' | Uint8Array
  /** Headers of a request that is our own (a subrequest): sent instead of the client's, edits not applied. */
  readonly ownHeaders?: readonly (readonly [name: string, value: string])[]
  readonly timeouts: UpstreamTimeouts
  readonly maxResponseHeadBytes: number
  readonly pipelining: number
}

/** The head of an upstream's answer; its body waits in the engine until it is relayed, read or discarded. */
export interface UpstreamResponse {
  readonly status: number
  readonly headers: HeaderView
  readonly endpoint: Endpoint
  /** True for a 101 whose connection is now a tunnel. */
  readonly upgraded: boolean
  /** Reads the whole body, at most `maxBytes`; for subrequests. */
  text(maxBytes: number): Promise<string>
  /** Lets the body go; the connection is reused when that is cheap. */
  discard(): void
}
