import {
  GatewayError,
  type Engine,
  type Exchange,
  type Listener,
  type ListenOptions,
  type RelayResult,
  type Reply,
  type Serve,
  type UpstreamRequest,
  type UpstreamResponse,
} from '@postern/exchange'
import type { ResponseRate } from '@postern/routing-table'
import { OwnExchange } from './client/own-exchange.ts'
import { relayResponse } from './client/relay-pump.ts'
import { writeReply } from './client/respond.ts'
import { openTunnel } from './client/tunnel.ts'
import { OwnListener } from './listen/own-listener.ts'
import { engineSettings, type HttpEngineOptions } from './options.ts'
import { Attempt } from './upstream/attempt.ts'
import { OwnUpstreamResponse } from './upstream/own-upstream-response.ts'
import { Pools } from './upstream/pools.ts'
import { requestHead } from './upstream/write-request.ts'
import { Deadlines } from './wire/deadlines.ts'
import { Outbox } from './wire/outbox.ts'
import { ReadBuffers } from './wire/read-buffers.ts'

/** Our own engine: HTTP/1.1 on both sides, over node:net and node:tls, with nothing between the bytes and the exchange. */
export function createHttpEngine(options: HttpEngineOptions = {}): Engine {
  return new HttpEngine(options)
}

class HttpEngine implements Engine {
  readonly #shared
  readonly #pools: Pools

  constructor(options: HttpEngineOptions) {
    const settings = engineSettings(options)
    const buffers = settings.transport === 'onread' ? new ReadBuffers(settings.maxBodyBuffers) : undefined
    this.#shared = { settings, deadlines: new Deadlines(settings.clock), buffers, outbox: new Outbox() }
    this.#pools = new Pools(this.#shared)
  }

  async listen(options: ListenOptions, serve: Serve): Promise<Listener> {
    const listener = new OwnListener(options, serve, this.#shared)
    await listener.bind()
    return listener
  }

  send(exchange: Exchange, request: UpstreamRequest): Promise<UpstreamResponse> {
    return new Promise((resolve, reject) => {
      const ours = own(exchange)
      const attempt = new Attempt(ours, request, resolve, reject)
      attempt.head = requestHead(attempt)
      const { failure } = ours.body
      if (ours.gone) reject(new GatewayError('client-gone'))
      else if (failure !== undefined && request.body === 'exchange') reject(failure)
      else if (attempt.streamsBody && !ours.body.replayable) {
        reject(new GatewayError('internal', { detail: 'the request body has been sent before' }))
      } else {
        ours.began(attempt)
        this.#pools.get(request).send(attempt)
      }
    })
  }

  relay(
    exchange: Exchange,
    response: UpstreamResponse,
    rate?: ResponseRate,
  ): RelayResult | Promise<RelayResult> {
    return relayResponse(own(exchange), ownResponse(response), rate)
  }

  async tunnel(exchange: Exchange, response: UpstreamResponse, idleMs: number): Promise<RelayResult> {
    if (!response.upgraded) throw new GatewayError('internal', { detail: 'only a 101 can become a tunnel' })
    return openTunnel(own(exchange), ownResponse(response), idleMs, this.#shared.deadlines)
  }

  async reply(exchange: Exchange, reply: Reply): Promise<RelayResult> {
    return writeReply(own(exchange), reply)
  }

  prune(isLive: (address: string, port: number) => boolean): void {
    this.#pools.prune(isLive)
  }

  async close(): Promise<void> {
    this.#pools.destroy()
  }
}

function own(exchange: Exchange): OwnExchange {
  if (exchange instanceof OwnExchange) return exchange
  throw new GatewayError('internal', { detail: 'the exchange belongs to another engine' })
}

function ownResponse(response: UpstreamResponse): OwnUpstreamResponse {
  if (response instanceof OwnUpstreamResponse) return response
  throw new GatewayError('internal', { detail: 'the response belongs to another engine' })
}
