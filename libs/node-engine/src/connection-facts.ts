import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { chainDepth, distinguishedName, type ConnectionFacts, type TlsFacts } from '@postern/exchange'

/** Clients that a PROXY header spoke of, by the peer's address and port: a TLS socket does not show the socket below it. */
export const claimedClients = new Map<string, { readonly address: string; readonly port: number }>()

const known = new WeakMap<Socket, ConnectionFacts>()
let lastId = 0

/** What a connection says about itself; read once, because it does not change. */
export function connectionFacts(socket: Socket): ConnectionFacts {
  const cached = known.get(socket)
  if (cached !== undefined) return cached
  const tls = socket instanceof TLSSocket ? tlsFacts(socket) : undefined
  const claimed = claimedClients.get(`${socket.remoteAddress ?? ''} ${String(socket.remotePort ?? 0)}`)
  const facts: ConnectionFacts = {
    scheme: tls === undefined ? 'http' : 'https',
    remoteAddress: plainAddress(claimed?.address ?? socket.remoteAddress ?? ''),
    remotePort: claimed?.port ?? socket.remotePort ?? 0,
    localPort: socket.localPort ?? 0,
    id: ++lastId,
    ...(tls !== undefined && { tls }),
  }
  known.set(socket, facts)
  return facts
}

// A dual-stack socket shows IPv4 peers as ::ffff:a.b.c.d; allow-lists are written with the plain address.
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}

function tlsFacts(socket: TLSSocket): TlsFacts {
  const client = clientFacts(socket)
  const serverName: unknown = Reflect.get(socket, 'servername')
  return {
    serverName: typeof serverName === 'string' ? serverName : undefined,
    protocol: socket.getProtocol() ?? '',
    cipher: socket.getCipher().name,
    ...(client !== undefined && { client }),
  }
}

function clientFacts(socket: TLSSocket): TlsFacts['client'] {
  const certificate = socket.getPeerCertificate(true)
  // Node gives an empty object when no certificate was sent.
  if (!('raw' in certificate)) return undefined
  const error: unknown = socket.authorizationError
  const names = socket.getPeerX509Certificate()
  const base64 = certificate.raw.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()
  return {
    verified: socket.authorized,
    ...(error !== undefined &&
      error !== null && { error: error instanceof Error ? error.message : String(error) }),
    subject: distinguishedName(names?.subject ?? ''),
    issuer: distinguishedName(names?.issuer ?? ''),
    depth: chainDepth(certificate),
    pem: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  }
}
