import type {
  Engine,
  Exchange,
  RelayResult,
  Reply,
  UpstreamRequest,
  UpstreamResponse,
} from '@postern/exchange'
import { edited, type Lines, linesOf, viewOf } from './edited-lines.ts'

/** A request that would have left the gateway. */
export interface RehearsedRequest {
  /** `forward`: the client's request; `own`: a subrequest of ours (auth, mirror, error page). */
  readonly kind: 'forward' | 'own'
  readonly request: UpstreamRequest
  /** As the upstream would read them, `Host` first. */
  readonly headers: Lines
}

/** What the client would get from the gateway itself, or of an upstream's answer. */
export interface RehearsedAnswer {
  readonly status: number
  readonly headers: Lines
}

const HOP_BY_HOP = new Set([
  'connection',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

interface Kept {
  readonly sent: RehearsedRequest[]
  answer?: RehearsedAnswer
}

/** An engine without sockets: every upstream answers 200, and what was sent is kept by exchange. */
export class RehearsalEngine implements Engine {
  readonly #kept = new WeakMap<Exchange, Kept>()

  /** What became of an exchange. */
  of(exchange: Exchange): Kept {
    let kept = this.#kept.get(exchange)
    if (kept === undefined) this.#kept.set(exchange, (kept = { sent: [] }))
    return kept
  }

  listen(): Promise<never> {
    return Promise.reject(new Error('a rehearsal listens nowhere'))
  }

  send(exchange: Exchange, request: UpstreamRequest): Promise<UpstreamResponse> {
    const isOwn = request.ownHeaders !== undefined
    const lines = request.ownHeaders ?? edited(linesOf(exchange.headers), exchange.requestEdits)
    const passed = lines.filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()))
    const headers: Lines = [['Host', request.host], ...passed]
    this.of(exchange).sent.push({ kind: isOwn ? 'own' : 'forward', request, headers })
    return Promise.resolve({
      status: 200,
      headers: viewOf([]),
      endpoint: request.endpoint,
      upgraded: false,
      text: () => Promise.resolve(''),
      discard: () => undefined,
    })
  }

  relay(exchange: Exchange, response: UpstreamResponse): Promise<RelayResult> {
    return this.#answered(exchange, response.status, linesOf(response.headers))
  }

  tunnel(exchange: Exchange, response: UpstreamResponse): Promise<RelayResult> {
    return this.relay(exchange, response)
  }

  reply(exchange: Exchange, { status, headers }: Reply): Promise<RelayResult> {
    return this.#answered(exchange, status, headers)
  }

  prune(): void {
    // There are no connections.
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  #answered(exchange: Exchange, status: number, lines: Lines): Promise<RelayResult> {
    this.of(exchange).answer = { status, headers: edited(lines, exchange.responseEdits) }
    return Promise.resolve({ status, bodyBytes: 0, complete: true })
  }
}
