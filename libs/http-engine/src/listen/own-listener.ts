import { Server, Socket, type AddressInfo } from 'node:net'
import {
  listenError,
  type ConnectionFacts,
  type Listener,
  type ListenerLimits,
  type ListenOptions,
  type Passthrough,
  type Serve,
  type TlsFacts,
} from '@postern/exchange'
import { ClientConnection } from '../client/client-connection.ts'
import type { ClientContext } from '../client/client-context.ts'
import { KnownHosts } from '../client/known-hosts.ts'
import { ParserShelf } from '../client/parser-shelf.ts'
import type { EngineParts } from '../engine-parts.ts'
import type { Refusal } from '../head/refusal.ts'
import type { ReadBuffers } from '../wire/read-buffers.ts'
import { Roster } from '../wire/roster.ts'
import { IDLE_OWNER, Wire } from '../wire/wire.ts'
import { acceptHandles } from './accept-handles.ts'
import { Openings, type Intake } from './openings.ts'
import { PassedConnection } from './passed-connection.ts'
import { peerOf, type Peer } from './peer.ts'

// Connections beyond the limit are told so; beyond this many more, which are all still being told, they are cut.
const MAX_SHED = 4096
const mostOpen = ({ maxConnections, maxShed = MAX_SHED }: ListenerLimits): number => maxConnections + maxShed

let lastId = 0

/** Accepts connections on one address and makes client connections of them. */
export class OwnListener implements Listener, Intake {
  readonly host: string
  port = 0
  readonly #options: ListenOptions
  readonly #shared: EngineParts
  readonly #server: Server = new Server({ noDelay: true, allowHalfOpen: true })
  readonly #context: ClientContext
  readonly #connections = new Roster<ClientConnection>()
  readonly #openings: Openings
  /** Connections whose TLS ends elsewhere. */
  readonly #passed = new Roster<PassedConnection>()
  #isRetired = false
  #isStopping = false
  #allClosed: (() => void) | undefined

  constructor(options: ListenOptions, serve: Serve, shared: EngineParts) {
    this.host = options.host
    this.#options = options
    this.#shared = shared
    this.#openings = new Openings(options, shared, this)
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
    return this.#connections.size + this.#openings.size + this.#passed.size
  }

  retire(): void {
    this.#isRetired = true
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#openings.destroy()
    this.#connections.each((connection) => connection.stop())
    await closed
    if (this.connections() > 0) await new Promise<void>((resolve) => (this.#allClosed = resolve))
  }

  destroy(): void {
    this.#openings.destroy()
    this.#connections.each(({ wire }) => wire.destroy())
    this.#passed.each((connection) => connection.destroy())
  }

  /** The fast way: one socket object, reading into our buffers. */
  #adopt(handle: unknown, hasNoDelay: boolean, buffers: ReadBuffers): void {
    const wire = new Wire(IDLE_OWNER, this.#shared.outbox)
    const options = { handle, allowHalfOpen: true, onread: wire.reading(buffers, buffers.front) }
    const socket = new Socket(options as ConstructorParameters<typeof Socket>[0])
    if (!hasNoDelay) socket.setNoDelay(true)
    this.#take(wire, socket, peerOf(socket), undefined)
  }

  #accept(socket: Socket): void {
    const { tls, proxyProtocol } = this.#options
    const peer = peerOf(socket)
    if (tls === undefined && proxyProtocol !== true) return this.serve(socket, peer, undefined)
    this.#openings.add(socket)
    if (this.connections() > mostOpen(this.#options.limits)) socket.destroy()
    else this.#openings.begin(socket, peer)
  }

  serve(socket: Socket, peer: Peer, tls: TlsFacts | undefined): void {
    this.#take(new Wire(IDLE_OWNER, this.#shared.outbox), socket, peer, tls)
  }

  turnAway(socket: Socket, peer: Peer, refusal: Refusal): void {
    this.#take(new Wire(IDLE_OWNER, this.#shared.outbox), socket, peer, undefined, refusal)
  }

  pass(socket: Socket, peer: Peer, passthrough: Passthrough): void {
    const isCrowded = this.connections() >= this.#options.limits.maxConnections
    const connection = new PassedConnection(
      socket,
      this.#factsOf(peer, 'https'),
      passthrough,
      this.#shared,
      (passed) => {
        this.#passed.remove(passed)
        this.gone()
      },
    )
    this.#passed.add(connection)
    if (isCrowded) connection.close('too-many-connections')
    else void connection.open()
  }

  /** As when a load balancer and this listener do not agree: then it is every connection, and whoever can mend it reads the log. */
  ungreeted(peer: Peer): void {
    this.#options.onRefused?.({
      status: 400,
      reason: 'no greeting of the PROXY protocol',
      connection: this.#factsOf(peer, this.#options.tls === undefined ? 'http' : 'https'),
      unanswered: true,
    })
  }

  gone(): void {
    if (this.connections() === 0) this.#allClosed?.()
  }

  #take(wire: Wire, socket: Socket, peer: Peer, tls: TlsFacts | undefined, refusal?: Refusal): void {
    const open = this.connections()
    const { maxConnections } = this.#options.limits
    wire.attach(socket)
    if (open >= mostOpen(this.#options.limits)) return wire.destroy()
    const facts = this.#factsOf(peer, tls === undefined ? 'http' : 'https', tls)
    const connection = new ClientConnection(wire, facts, this.#context)
    this.#connections.add(connection)
    if (refusal !== undefined) connection.refuse(refusal)
    else if (open >= maxConnections) connection.refuse({ status: 503, reason: 'too many connections' })
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
    this.gone()
  }
}
