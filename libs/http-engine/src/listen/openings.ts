import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { ListenOptions, Passthrough, TlsFacts, TlsIdentity, TlsTermination } from '@postern/exchange'
import type { EngineParts } from '../engine-parts.ts'
import type { Refusal } from '../head/refusal.ts'
import { readClientHello } from './client-hello.ts'
import { FirstBytes, type FirstReading } from './first-bytes.ts'
import type { Peer } from './peer.ts'
import { readProxyGreeting } from './proxy-protocol.ts'
import { tlsFacts } from './tls-facts.ts'
import { TlsTerminals } from './tls-terminals.ts'

/** Who takes a connection over when it is known what it is. */
export interface Intake {
  /** Its first request can be read. */
  serve(socket: Socket, peer: Peer, tls: TlsFacts | undefined): void
  /** It is told why it is not served. */
  turnAway(socket: Socket, peer: Peer, refusal: Refusal): void
  /** Its TLS ends elsewhere. */
  pass(socket: Socket, peer: Peer, passthrough: Passthrough): void
  /** It did not begin with the greeting of the PROXY protocol, and is cut. */
  ungreeted(peer: Peer): void
  /** It is gone before anybody took it over. */
  gone(): void
}

// RFC 8446 §6.2: a fatal unrecognized_name alert.
const UNRECOGNIZED_NAME = Buffer.from([21, 3, 3, 0, 2, 2, 112])
const PLAIN_HTTP: Refusal = { status: 400, reason: 'a plain HTTP request was sent to an HTTPS port' }

/** Connections before their first request can be read: greeting and handshake. */
export class Openings {
  readonly #options: ListenOptions
  readonly #shared: EngineParts
  readonly #intake: Intake
  readonly #terminals: TlsTerminals
  readonly #sockets = new Set<Socket>()

  constructor(options: ListenOptions, shared: EngineParts, intake: Intake) {
    this.#options = options
    this.#shared = shared
    this.#intake = intake
    this.#terminals = new TlsTerminals(options.limits.headTimeoutMs)
  }

  get size(): number {
    return this.#sockets.size
  }

  destroy(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  add(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => {
      this.#sockets.delete(socket)
      this.#intake.gone()
    })
  }

  /** Reads what stands before the first request, and hands the connection on. */
  begin(socket: Socket, peer: Peer): void {
    const { tls, proxyProtocol } = this.#options
    if (proxyProtocol === true) this.#greet(socket, peer)
    else if (tls !== undefined) this.#secure(socket, peer, tls)
  }

  #greet(socket: Socket, peer: Peer): void {
    let told = peer
    const read = (bytes: Buffer): FirstReading => {
      const greeting = readProxyGreeting(bytes)
      if (greeting === 'refused') this.#intake.ungreeted(peer)
      if (typeof greeting === 'string') return greeting
      if (greeting.address !== undefined) told = { address: greeting.address, port: greeting.port ?? 0 }
      return { used: greeting.length }
    }
    this.#first(socket, read, () => {
      const { tls } = this.#options
      if (tls !== undefined) return this.#secure(socket, told, tls)
      this.#sockets.delete(socket)
      this.#intake.serve(socket, told, undefined)
    })
  }

  #secure(socket: Socket, peer: Peer, tls: TlsTermination): void {
    let serverName: string | undefined
    let isPlain = false
    const read = (bytes: Buffer): FirstReading => {
      isPlain = beginsLikeHttp(bytes)
      if (isPlain) return { used: 0 }
      const hello = readClientHello(bytes)
      if (hello === 'incomplete') return hello
      serverName = hello.serverName
      return { used: 0 }
    }
    this.#first(socket, read, () => {
      if (isPlain) {
        this.#sockets.delete(socket)
        return this.#intake.turnAway(socket, peer, PLAIN_HTTP)
      }
      this.#hello(socket, peer, serverName, tls)
    })
  }

  #hello(socket: Socket, peer: Peer, serverName: string | undefined, tls: TlsTermination): void {
    const passthrough = serverName === undefined ? undefined : tls.passthrough?.(serverName)
    if (passthrough !== undefined) {
      this.#sockets.delete(socket)
      return this.#intake.pass(socket, peer, passthrough)
    }
    const identity = tls.select(serverName)
    if (identity === undefined) return void socket.end(UNRECOGNIZED_NAME, () => socket.destroy())
    this.#terminals.secure(socket, identity, (secured) =>
      this.#secured(socket, secured, peer, serverName, identity),
    )
  }

  #secured(
    socket: Socket,
    secured: TLSSocket,
    peer: Peer,
    serverName: string | undefined,
    identity: TlsIdentity,
  ): void {
    this.#sockets.delete(socket)
    this.#intake.serve(secured, peer, tlsFacts(secured, serverName, identity.clientAuth !== undefined))
  }

  #first(socket: Socket, read: (bytes: Buffer) => FirstReading, then: () => void): void {
    new FirstBytes(socket, this.#shared.deadlines, this.#options.limits.headTimeoutMs, read, then)
  }
}

// A method is in capitals; no record of TLS begins so.
function beginsLikeHttp([first = 0]: Buffer): boolean {
  return first >= 0x41 && first <= 0x5a
}
