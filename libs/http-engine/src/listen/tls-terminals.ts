import { constants } from 'node:crypto'
import type { Socket } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import type { TlsIdentity } from '@postern/exchange'
import type { Certificate } from '@postern/routing-table'

export type Secured = (socket: TLSSocket) => void

// RFC 8446 §6.2: the fatal alert internal_error, in a record of its own.
const INTERNAL_ERROR = Buffer.from([21, 3, 1, 0, 2, 2, 80])

/**
 * One TLS server per certificate and settings, which never listens: connections are put into it (the documented use of its
 * `connection` event), so that certificate, ciphers and client authentication are those of the host that was asked for.
 */
export class TlsTerminals {
  readonly #handshakeMs: number
  readonly #servers = new WeakMap<Certificate, Map<string, Server | 'refused'>>()
  readonly #pending = new Map<string, Secured>()

  constructor(handshakeMs: number) {
    this.#handshakeMs = handshakeMs
  }

  /**
   * Shakes hands on a socket whose first bytes wait in it. A failed handshake closes the socket, and so does an identity
   * that OpenSSL refuses (a key that does not fit, ciphers that it does not know): its host alone is not served.
   */
  secure(socket: Socket, identity: TlsIdentity, then: Secured): void {
    const server = this.#serverFor(identity)
    if (server === 'refused') return void socket.end(INTERNAL_ERROR, () => socket.destroy())
    // A peer that leaves in the middle of the handshake is gone: nothing can be said to it, and nobody waits for it.
    socket.allowHalfOpen = false
    // The addresses and ports of both ends name a connection as long as it is open.
    const key = endsOf(socket)
    this.#pending.set(key, then)
    socket.once('close', () => this.#pending.delete(key))
    server.emit('connection', socket)
  }

  #serverFor(identity: TlsIdentity): Server | 'refused' {
    let bySettings = this.#servers.get(identity.certificate)
    if (bySettings === undefined) this.#servers.set(identity.certificate, (bySettings = new Map()))
    const key = `${identity.ciphers ?? ''}|${identity.clientAuth?.caPem ?? ''}`
    let server = bySettings.get(key)
    if (server === undefined) bySettings.set(key, (server = this.#tryServer(identity)))
    return server
  }

  #tryServer(identity: TlsIdentity): Server | 'refused' {
    try {
      return this.#makeServer(identity)
    } catch {
      // Why is OpenSSL's affair; whoever chooses identities tries them before (the gateway logs the reason).
      return 'refused'
    }
  }

  #makeServer({ certificate, ciphers, clientAuth }: TlsIdentity): Server {
    const server = createServer({
      cert: certificate.certPem,
      key: certificate.keyPem.reveal(),
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: this.#handshakeMs,
      requestCert: clientAuth !== undefined,
      // A ticket keeps the client's certificate and not the chain behind it, whose length counts.
      ...(clientAuth !== undefined && { secureOptions: constants.SSL_OP_NO_TICKET }),
      // What a missing or bad client certificate means is the data plane's decision.
      rejectUnauthorized: false,
      ...(ciphers !== undefined && { ciphers }),
      ...(clientAuth !== undefined && { ca: clientAuth.caPem }),
    })
    server.on('secureConnection', (socket) => {
      const key = endsOf(socket)
      const then = this.#pending.get(key)
      this.#pending.delete(key)
      if (then === undefined) socket.destroy()
      else then(socket)
    })
    // A failed handshake is the peer's affair: scanners do it all day.
    server.on('tlsClientError', (_error, socket) => socket.destroy())
    return server
  }
}

function endsOf(socket: Socket): string {
  const { remoteAddress, remotePort, localAddress, localPort } = socket
  return [remoteAddress, remotePort, localAddress, localPort].join('|')
}
