import {
  createServer,
  ServerResponse,
  type IncomingMessage,
  type Server,
  type ServerOptions,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server as TcpServer, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Listener, ListenerLimits, ListenOptions, Serve } from '@postern/exchange'
import { connectionFacts } from './connection-facts.ts'
import { listenError } from '@postern/exchange'
import { NodeExchange, type Refusal } from './node-exchange.ts'
import { proxyFront } from './proxy-front.ts'
import { refusalOf, refuse, refuseSocket } from './refuse.ts'
import type { TlsContexts } from './tls-contexts.ts'
import { followTable, tlsServerOptions } from './tls-server.ts'

/** Binds, and turns every request that may be one into an exchange. */
export async function listen(options: ListenOptions, serve: Serve, contexts: TlsContexts): Promise<Listener> {
  const server = makeServer(options, contexts)
  const sockets = trackSockets(server, options)
  let isLeaving = false
  const accept = (request: IncomingMessage, response: ServerResponse, upgrade?: string): void => {
    const connection = connectionFacts(request.socket)
    const isLast = lastOnConnection(request.socket, options.limits)
    const mustClose = (): boolean => isLast || isLeaving
    const client = {
      request,
      response,
      connection,
      limits: options.limits,
      upgrade,
      mustClose,
    }
    const exchange = NodeExchange.from(client)
    if (!(exchange instanceof NodeExchange)) {
      refuse(response, exchange)
      return options.onRefused?.({ ...exchange, connection })
    }
    void Promise.resolve(serve(exchange)).catch((error: unknown) => {
      // Serve promises not to reject; a connection that nobody answers must not hang for ever when it does.
      response.destroy(error instanceof Error ? error : new Error(String(error)))
    })
  }
  server.on('request', accept)
  server.on('checkContinue', accept)
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    response.assignSocket(socket as Socket)
    response.once('finish', () => (socket as Socket).destroySoon())
    accept(request, response, upgradeProtocol(request))
  })
  server.on('connect', (_request, socket: Duplex) =>
    shut(socket, { status: 405, reason: 'CONNECT is not supported' }, options),
  )
  server.on('clientError', (error, socket: Duplex) => {
    const refusal = refusalOf(error)
    if (refusal === undefined || !socket.writable) socket.destroy()
    else shut(socket, refusal, options)
  })

  const front =
    options.proxyProtocol === true
      ? proxyFront(server, options.tls !== undefined, options.limits.headTimeoutMs)
      : server
  await bind(front, options)
  const stop = async (): Promise<void> => {
    isLeaving = true
    await new Promise<void>((resolve) => {
      front.close(() => resolve())
      // Behind a front the server itself never listened; closing it ends its own clocks.
      if (front !== server) server.close()
      server.closeIdleConnections()
    })
  }
  return {
    host: options.host,
    port: (front.address() as AddressInfo).port,
    connections: () => sockets.size,
    retire: () => {
      isLeaving = true
    },
    stop,
    destroy: () => sockets.forEach((socket) => socket.destroy()),
  }
}

function makeServer(options: ListenOptions, contexts: TlsContexts): Server {
  const { limits, tls } = options
  const common: ServerOptions = {
    maxHeaderSize: limits.maxHeadBytes,
    headersTimeout: limits.headTimeoutMs,
    // Bodies have their own clock, between two reads; Node's limits the whole request.
    requestTimeout: 0,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(limits.headTimeoutMs, 5_000),
    // Checked by NodeExchange, which also counts them.
    requireHostHeader: false,
    noDelay: true,
    shouldUpgradeCallback: (request) => upgradeProtocol(request) !== undefined,
  }
  const server =
    tls === undefined
      ? createServer(common)
      : createTlsServer({ ...common, ...tlsServerOptions(tls, contexts) })
  // 0 is no limit: beyond a limit Node would drop header lines silently. NodeExchange counts instead.
  server.maxHeadersCount = 0
  if (tls !== undefined) followTable(server, tls)
  return server
}

function shut(socket: Duplex, refusal: Refusal, { onRefused }: ListenOptions): void {
  // Read before: a socket that is destroyed has forgotten its peer.
  const connection = connectionFacts(socket as Socket)
  refuseSocket(socket, refusal)
  onRefused?.({ ...refusal, connection })
}

function trackSockets(server: Server, options: ListenOptions): Set<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // A TLS connection beyond the limit is closed: nobody can read a plain 503 on it.
    if (sockets.size > options.limits.maxConnections)
      shut(socket, { status: 503, reason: 'too many connections' }, options)
  })
  return sockets
}

const requestsOn = new WeakMap<Socket, number>()

// Counted here, because Node announces `Connection: close` on the last request and then leaves the connection open.
function lastOnConnection(socket: Socket, { maxRequestsPerConnection }: ListenerLimits): boolean {
  const count = (requestsOn.get(socket) ?? 0) + 1
  requestsOn.set(socket, count)
  return count >= maxRequestsPerConnection
}

/** The protocol of a well-formed upgrade: HTTP/1.1, no body (RFC 9110 §7.8). Anything else is an ordinary request. */
function upgradeProtocol({ headers, httpVersion }: IncomingMessage): string | undefined {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  if (httpVersion !== '1.1' || hasBody) return undefined
  return headers.upgrade?.toLowerCase()
}

async function bind(server: TcpServer, { host, port, reusePort }: ListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, host, port)))
    server.listen({ host, port, reusePort: reusePort ?? false }, () => resolve())
  })
}
