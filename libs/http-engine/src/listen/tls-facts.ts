import type { TLSSocket } from 'node:tls'
import { chainDepth, distinguishedName, type TlsFacts } from '@postern/exchange'

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
  const certificate = socket.getPeerCertificate(true)
  // Node gives an empty object when no certificate was sent.
  if (!('raw' in certificate)) return undefined
  const error: unknown = socket.authorizationError
  const names = socket.getPeerX509Certificate()
  const lines = certificate.raw.toString('base64').match(/.{1,64}/g) ?? []
  return {
    verified: socket.authorized,
    ...(error !== undefined &&
      error !== null && { error: error instanceof Error ? error.message : String(error) }),
    subject: distinguishedName(names?.subject ?? ''),
    issuer: distinguishedName(names?.issuer ?? ''),
    depth: chainDepth(certificate),
    pem: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  }
}
