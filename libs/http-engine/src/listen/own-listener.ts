import { Server, Socket, type AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type {
  ConnectionFacts,
  Listener,
  ListenerLimits,
  ListenOptions,
  Passthrough,
  Serve,
  TlsFacts,
  TlsIdentity,
  TlsTermination,
} from '@postern/exchange'
import { ClientConnection } from '../client/client-connection.ts'
import type { ClientContext } from '../client/client-context.ts'
import { KnownHosts } from '../client/known-hosts.ts'
import { ParserShelf } from '../client/parser-shelf.ts'
import type { EngineParts } from '../engine-parts.ts'
import type { ReadBuffers } from '../wire/read-buffers.ts'
import { Roster } from '../wire/roster.ts'
import { IDLE_OWNER, Wire } from '../wire/wire.ts'
import { acceptHandles } from './accept-handles.ts'
import { readClientHello } from './client-hello.ts'
import { FirstBytes } from './first-bytes.ts'
import { listenError } from '@postern/exchange'
import { PassedConnection } from './passed-connection.ts'
import { readProxyGreeting } from './proxy-protocol.ts'
import { tlsFacts } from './tls-facts.ts'
import { TlsTerminals } from './tls-terminals.ts'

interface Peer {
  readonly address: string
  readonly port: number
}

// Connections beyond the limit are told so; beyond this many more, which are all still being told, they are cut.
const MAX_SHED = 4096
const mostOpen = ({ maxConnections, maxShed = MAX_SHED }: ListenerLimits): number => maxConnections + maxShed
// RFC 8446 §6.2: a fatal unrecognized_name alert.
const UNRECOGNIZED_NAME = Buffer.from([21, 3, 3, 0, 2, 2, 112])

let lastId = 0

/** Accepts connections on one address and makes client connections of them. */
export class OwnListener implements Listener {
  readonly host: string
  port = 0
  readonly #options: ListenOptions
  readonly #shared: EngineParts
  readonly #server: Server = new Server({ noDelay: true, allowHalfOpen: true })
  readonly #context: ClientContext
  readonly #terminals: TlsTerminals
  readonly #connections = new Roster<ClientConnection>()
  /** Sockets before their first request can be read: greeting and handshake. */
  readonly #opening = new Set<Socket>()
  /** Connections whose TLS ends elsewhere. */
  readonly #passed = new Roster<PassedConnection>()
  #isRetired = false
  #isStopping = false
  #allClosed: (() => void) | undefined

  constructor(options: ListenOptions, serve: Serve, shared: EngineParts) {
    this.host = options.host
    this.#options = options
    this.#shared = shared
    this.#terminals = new TlsTerminals(options.limits.headTimeoutMs)
    this.#context = {
      serve,
      limits: options.limits,
      settings: shared.settings,
      trailerLimits: {
        maxTrailerBytes: shared.settings.maxTrailerBytes,
        maxTrailerCount: options.limits.maxHeaderCount,
      },
      deadlines: shared.deadlines,
      parsers: new ParserShelf(),
      hosts: new KnownHosts(),
      isLeaving: () => this.#isRetired || this.#isStopping,
      closed: (connection) => this.#forget(connection),
      onRefused: options.onRefused,
    }
  }

  async bind(): Promise<void> {
    const { host, port, reusePort, tls, proxyProtocol } = this.#options
    this.#server.on('connection', (socket: Socket) => this.#accept(socket))
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error) => reject(listenError(error, host, port)))
      this.#server.listen({ host, port, reusePort: reusePort ?? false, backlog: 4096 }, () => resolve())
    })
    this.port = (this.#server.address() as AddressInfo).port
    const { buffers } = this.#shared
    if (buffers !== undefined && tls === undefined && proxyProtocol !== true) {
      acceptHandles(this.#server, (handle, hasNoDelay) => this.#adopt(handle, hasNoDelay, buffers))
    }
  }

  connections(): number {
    return this.#connections.size + this.#opening.size + this.#passed.size
  }

  retire(): void {
    this.#isRetired = true
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const socket of this.#opening) socket.destroy()
    this.#connections.each((connection) => connection.stop())
    await closed
    if (this.connections() > 0) await new Promise<void>((resolve) => (this.#allClosed = resolve))
  }

  destroy(): void {
    for (const socket of this.#opening) socket.destroy()
    this.#connections.each(({ wire }) => wire.destroy())
    this.#passed.each((connection) => connection.destroy())
  }

  /** The fast way: one socket object, reading into our buffers. */
  #adopt(handle: unknown, hasNoDelay: boolean, buffers: ReadBuffers): void {
    const wire = new Wire(IDLE_OWNER, this.#shared.outbox)
    const options = { handle, allowHalfOpen: true, onread: wire.reading(buffers, buffers.front) }
    const socket = new Socket(options as ConstructorParameters<typeof Socket>[0])
    if (!hasNoDelay) socket.setNoDelay(true)
    this.#serve(wire, socket, peerOf(socket), undefined)
  }

  #accept(socket: Socket): void {
    const { tls, proxyProtocol } = this.#options
    const peer = peerOf(socket)
    if (tls === undefined && proxyProtocol !== true)
      return this.#serve(new Wire(IDLE_OWNER, this.#shared.outbox), socket, peer, undefined)
    this.#opening.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => {
      this.#opening.delete(socket)
      this.#noticeEmpty()
    })
    if (this.connections() > mostOpen(this.#options.limits)) return void socket.destroy()
    if (proxyProtocol === true) this.#greet(socket, peer, tls)
    else if (tls !== undefined) this.#secure(socket, peer, tls)
  }

  #greet(socket: Socket, peer: Peer, tls: TlsTermination | undefined): void {
    let told = peer
    const read = (bytes: Buffer) => {
      const greeting = readProxyGreeting(bytes)
      if (greeting === 'refused') this.#tellUngreeted(peer, tls)
      if (typeof greeting === 'string') return greeting
      if (greeting.address !== undefined) told = { address: greeting.address, port: greeting.port ?? 0 }
      return { used: greeting.length }
    }
    new FirstBytes(socket, this.#shared.deadlines, this.#options.limits.headTimeoutMs, read, () => {
      if (tls !== undefined) return this.#secure(socket, told, tls)
      this.#opening.delete(socket)
      this.#serve(new Wire(IDLE_OWNER, this.#shared.outbox), socket, told, undefined)
    })
  }

  /** As when a load balancer and this listener do not agree: then it is every connection, and whoever can mend it reads the log. */
  #tellUngreeted(peer: Peer, tls: TlsTermination | undefined): void {
    this.#options.onRefused?.({
      status: 400,
      reason: 'no greeting of the PROXY protocol',
      connection: this.#factsOf(peer, tls === undefined ? 'http' : 'https'),
      unanswered: true,
    })
  }

  #secure(socket: Socket, peer: Peer, tls: TlsTermination): void {
    let serverName: string | undefined
    const read = (bytes: Buffer) => {
      const hello = readClientHello(bytes)
      if (hello === 'incomplete') return hello
      serverName = hello.serverName
      return { used: 0 }
    }
    new FirstBytes(socket, this.#shared.deadlines, this.#options.limits.headTimeoutMs, read, () => {
      const passthrough = serverName === undefined ? undefined : tls.passthrough?.(serverName)
      if (passthrough !== undefined) return this.#pass(socket, peer, passthrough)
      const identity = tls.select(serverName)
      if (identity === undefined) return void socket.end(UNRECOGNIZED_NAME, () => socket.destroy())
      this.#terminals.secure(socket, identity, (secured) =>
        this.#secured(socket, secured, peer, serverName, identity),
      )
    })
  }

  #pass(socket: Socket, peer: Peer, passthrough: Passthrough): void {
    this.#opening.delete(socket)
    const isCrowded = this.connections() >= this.#options.limits.maxConnections
    const connection = new PassedConnection(
      socket,
      this.#factsOf(peer, 'https'),
      passthrough,
      this.#shared,
      (gone) => {
        this.#passed.remove(gone)
        this.#noticeEmpty()
      },
    )
    this.#passed.add(connection)
    if (isCrowded) connection.close('too-many-connections')
    else void connection.open()
  }

  #secured(
    socket: Socket,
    secured: TLSSocket,
    peer: Peer,
    serverName: string | undefined,
    identity: TlsIdentity,
  ): void {
    this.#opening.delete(socket)
    const facts = tlsFacts(secured, serverName, identity.clientAuth !== undefined)
    this.#serve(new Wire(IDLE_OWNER, this.#shared.outbox), secured, peer, facts)
  }

  #serve(wire: Wire, socket: Socket, peer: Peer, tls: TlsFacts | undefined): void {
    const open = this.connections()
    const { maxConnections } = this.#options.limits
    wire.attach(socket)
    if (open >= mostOpen(this.#options.limits)) return wire.destroy()
    const facts = this.#factsOf(peer, tls === undefined ? 'http' : 'https', tls)
    const connection = new ClientConnection(wire, facts, this.#context)
    this.#connections.add(connection)
    if (open >= maxConnections) connection.refuse({ status: 503, reason: 'too many connections' })
    else if (this.#isStopping) connection.close()
  }

  #factsOf(peer: Peer, scheme: ConnectionFacts['scheme'], tls?: TlsFacts): ConnectionFacts {
    return {
      scheme,
      remoteAddress: peer.address,
      remotePort: peer.port,
      localPort: this.port,
      id: ++lastId,
      memo: undefined,
      ...(tls !== undefined && { tls }),
    }
  }

  #forget(connection: ClientConnection): void {
    this.#connections.remove(connection)
    this.#noticeEmpty()
  }

  #noticeEmpty(): void {
    if (this.connections() === 0) this.#allClosed?.()
  }
}

// A dual-stack socket shows IPv4 peers as ::ffff:a.b.c.d; allow-lists are written with the plain address.
function peerOf(socket: Socket): Peer {
  const address = socket.remoteAddress ?? ''
  const isMapped = address.startsWith('::ffff:') && address.includes('.')
  return { address: isMapped ? address.slice(7) : address, port: socket.remotePort ?? 0 }
}
