import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import {
  GatewayError,
  type Engine,
  type Exchange,
  type Listener,
  type ListenerLimits,
  type Refused,
  type UpstreamRequest,
} from '@postern/exchange'
import { createHttpEngine, type HttpEngineOptions } from '../src/index.ts'

export const LIMITS: ListenerLimits = {
  headTimeoutMs: 10_000,
  bodyIdleTimeoutMs: 10_000,
  keepAliveTimeoutMs: 60_000,
  maxHeadBytes: 4096,
  maxHeaderCount: 32,
  maxRequestsPerConnection: 10_000,
  maxConnections: 1_000,
}

/** A TCP server that hands each connection to a script, and everything that was received to the test. */
export class ScriptedUpstream {
  readonly sockets = new Set<Socket>()
  readonly #server: Server
  accepted = 0

  constructor(onConnection: (socket: Socket) => void) {
    this.#server = createServer((socket) => {
      this.accepted++
      this.sockets.add(socket)
      socket.on('close', () => this.sockets.delete(socket))
      socket.on('error', () => socket.destroy())
      onConnection(socket)
    })
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  close(): void {
    this.#server.close()
    for (const socket of this.sockets) socket.destroy()
  }
}

export interface ProxyOptions {
  readonly limits?: Partial<ListenerLimits>
  readonly engine?: HttpEngineOptions
  readonly request?: (exchange: Exchange) => Partial<UpstreamRequest>
  readonly proxyProtocol?: boolean
}

/** An engine that forwards everything to one upstream; failures become a 502 that names the code. */
export class Proxy {
  readonly engine: Engine
  readonly errors: GatewayError[] = []
  readonly refused: Refused[] = []
  served = 0
  #listener: Listener | undefined
  readonly #upstreamPort: number
  readonly #options: ProxyOptions

  constructor(upstreamPort: number, options: ProxyOptions = {}) {
    this.engine = createHttpEngine(options.engine)
    this.#upstreamPort = upstreamPort
    this.#options = options
  }

  get listener(): Listener {
    if (this.#listener === undefined) throw new Error('not listening')
    return this.#listener
  }

  async listen(): Promise<number> {
    const { limits, proxyProtocol } = this.#options
    this.#listener = await this.engine.listen(
      {
        ...{ host: '127.0.0.1', port: 0, limits: { ...LIMITS, ...limits } },
        proxyProtocol: proxyProtocol ?? false,
        onRefused: (refused) => void this.refused.push(refused),
      },
      (exchange) => this.#forward(exchange),
    )
    return this.#listener.port
  }

  async close(): Promise<void> {
    this.#listener?.destroy()
    await this.#listener?.stop()
    await this.engine.close()
  }

  async #forward(exchange: Exchange): Promise<void> {
    this.served++
    try {
      const response = await this.engine.send(exchange, {
        endpoint: { address: '127.0.0.1', port: this.#upstreamPort },
        method: exchange.method,
        target: exchange.path.forwarded + exchange.path.query,
        host: exchange.authority,
        body: 'exchange',
        timeouts: { connectMs: 5_000, readMs: 10_000, sendMs: 10_000 },
        maxResponseHeadBytes: 4096,
        pipelining: 1,
        ...this.#options.request?.(exchange),
      })
      await (response.upgraded
        ? this.engine.tunnel(exchange, response, 10_000)
        : this.engine.relay(exchange, response))
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      this.errors.push(error)
      const status = error.blame === 'client' ? 400 : 502
      await this.engine.reply(exchange, { status, headers: [], body: error.code })
    }
  }
}

/** Opens a connection, writes the pieces one after the other, and gives everything that came back until the peer closed. */
export async function exchangeBytes(
  port: number,
  pieces: readonly string[],
  closeAfter?: RegExp,
): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let received = ''
  socket.on('error', () => undefined)
  const closed = once(socket, 'close')
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1')
    if (closeAfter?.test(received) === true) socket.destroy()
  })
  await once(socket, 'connect')
  for (const piece of pieces) {
    if (socket.destroyed) break
    socket.write(piece, 'latin1')
    await new Promise((resolve) => setImmediate(resolve))
  }
  await closed
  return received
}
