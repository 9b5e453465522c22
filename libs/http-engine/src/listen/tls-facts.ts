import type { PeerCertificate, TLSSocket } from 'node:tls'
import type { TlsFacts } from '@postern/exchange'

/** What a handshake agreed upon, read once. `asked`: a client certificate was asked for. */
export function tlsFacts(socket: TLSSocket, serverName: string | undefined, asked: boolean): TlsFacts {
  const client = asked ? clientFacts(socket) : undefined
  return {
    serverName,
    protocol: socket.getProtocol() ?? '',
    cipher: socket.getCipher().name,
    ...(client !== undefined && { client }),
  }
}

function clientFacts(socket: TLSSocket): TlsFacts['client'] {
  const certificate = socket.getPeerCertificate()
  // Node gives an empty object when no certificate was sent.
  if (!('raw' in certificate)) return undefined
  const error: unknown = socket.authorizationError
  const lines = certificate.raw.toString('base64').match(/.{1,64}/g) ?? []
  return {
    verified: socket.authorized,
    ...(error !== undefined &&
      error !== null && { error: error instanceof Error ? error.message : String(error) }),
    subject: distinguishedName(certificate.subject),
    issuer: distinguishedName(certificate.issuer),
    commonName: first(certificate.subject.CN),
    pem: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  }
}

// RFC 2253 order, most specific first, as nginx's $ssl_client_s_dn.
function distinguishedName(name: PeerCertificate['subject']): string {
  const parts = Object.entries(name).reverse()
  return parts.map(([key, value]) => `${key}=${first(value as string | string[])}`).join(',')
}

function first(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? ''
}
