import {
  GatewayError,
  type Engine,
  type Exchange,
  type Listener,
  type ListenerLimits,
  type ListenOptions,
  type RelayResult,
  type Serve,
  type UpstreamRequest,
} from '@postern/exchange'
import type { Endpoint } from '@postern/routing-table'
import { RawClient, rawRequest, type RawClientOptions, type RawResponse } from '../raw-client.ts'
import {
  startRawUpstream,
  startUpstream,
  type Respond,
  type Upstream,
  type UpstreamOptions,
} from '../upstream.ts'

export const TEST_LIMITS: ListenerLimits = {
  headTimeoutMs: 10_000,
  bodyIdleTimeoutMs: 10_000,
  keepAliveTimeoutMs: 60_000,
  maxHeadBytes: 16_384,
  maxHeaderCount: 100,
  maxRequestsPerConnection: 1_000,
  maxConnections: 1_000,
}

export const TEST_TIMEOUTS = { connectMs: 5_000, readMs: 10_000, sendMs: 10_000 }

/** How a proxying `serve` of the suite fared, for assertions. */
export interface Outcome {
  readonly exchange: Exchange
  readonly result: RelayResult
  /** Set when an attempt failed; the client then got a 502 with the code as its body. */
  readonly error?: GatewayError
}

export type Adjust = (exchange: Exchange) => Partial<UpstreamRequest>

/** Makes engines, listeners and upstreams for one test and closes them after it. */
export class EngineBench {
  /** Of this test alone: what an earlier test left behind goes to its own list. */
  outcomes: Outcome[] = []
  readonly #make: () => Engine
  #engine: Engine | undefined
  #toClose: (() => unknown)[] = []

  constructor(make: () => Engine) {
    this.#make = make
  }

  get engine(): Engine {
    return (this.#engine ??= this.#make())
  }

  async listen(serve: Serve, options: Partial<ListenOptions> = {}): Promise<Listener> {
    const listener = await this.engine.listen(
      { host: '127.0.0.1', port: 0, limits: TEST_LIMITS, ...options },
      serve,
    )
    this.#toClose.push(
      () => listener.destroy(),
      () => listener.stop(),
    )
    return listener
  }

  /** A listener whose every request goes to one endpoint; failures become a 502 that names the code. */
  async proxy(
    endpoint: Endpoint,
    adjust: Adjust = () => ({}),
    options: Partial<ListenOptions> = {},
  ): Promise<Listener> {
    return this.listen((exchange) => this.#forward(exchange, endpoint, adjust), options)
  }

  async upstream(respond?: Respond, options: UpstreamOptions = {}): Promise<Upstream> {
    return this.#keep(await startUpstream('upstream', { ...options, ...(respond && { respond }) }))
  }

  async rawUpstream(onConnection: Parameters<typeof startRawUpstream>[0]): Promise<Upstream> {
    return this.#keep(await startRawUpstream(onConnection))
  }

  async connect(options: RawClientOptions): Promise<RawClient> {
    const client = await RawClient.open(options)
    this.#toClose.push(() => client.close())
    return client
  }

  /** One request on a connection of its own. Lines are joined with CRLF and closed with an empty line. */
  async request(port: number, ...lines: readonly string[]): Promise<RawResponse> {
    return rawRequest({ port }, `${lines.join('\r\n')}\r\n\r\n`)
  }

  async cleanUp(): Promise<void> {
    for (const close of this.#toClose.splice(0)) await close()
    await this.#engine?.close()
    this.#engine = undefined
    this.outcomes = []
  }

  #keep(upstream: Upstream): Upstream {
    this.#toClose.push(() => upstream.close())
    return upstream
  }

  async #forward(exchange: Exchange, endpoint: Endpoint, adjust: Adjust): Promise<void> {
    const { outcomes } = this
    try {
      const response = await this.engine.send(exchange, requestTo(endpoint, exchange, adjust))
      const result = response.upgraded
        ? await this.engine.tunnel(exchange, response, 10_000)
        : await this.engine.relay(exchange, response)
      outcomes.push({ exchange, result })
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      const result = await this.engine.reply(exchange, { status: 502, headers: [], body: error.code })
      outcomes.push({ exchange, result, error })
    }
  }
}

export function requestTo(
  endpoint: Endpoint,
  exchange: Exchange,
  adjust: Adjust = () => ({}),
): UpstreamRequest {
  return {
    endpoint,
    method: exchange.method,
    target: exchange.path.forwarded + exchange.path.query,
    host: exchange.authority,
    body: 'exchange',
    timeouts: TEST_TIMEOUTS,
    maxResponseHeadBytes: 4_096,
    pipelining: 1,
    ...adjust(exchange),
  }
}
