import { connect as connectTcp, isIP } from 'node:net'
import { connect as connectTls, createSecureContext, type SecureContext } from 'node:tls'
import type { Endpoint, UpstreamTls } from '@postern/routing-table'
import type { ReadBuffers } from '../wire/read-buffers.ts'
import type { UpstreamConnection } from './upstream-connection.ts'

/** Opens the socket of a plain connection. `buffers` absent: Node's own reading. */
export function dialPlain(
  connection: UpstreamConnection,
  { address, port }: Endpoint,
  buffers: ReadBuffers | undefined,
): void {
  const { wire } = connection
  const onread = buffers === undefined ? {} : { onread: wire.reading(buffers) }
  const socket = connectTcp({ host: address, port, noDelay: true, ...onread })
  wire.attach(socket)
  socket.once('connect', () => connection.connected())
}

const contexts = new WeakMap<UpstreamTls, SecureContext>()

/** Opens the socket of a TLS connection; the peer is verified unless the settings say otherwise. */
export function dialTls(connection: UpstreamConnection, { address, port }: Endpoint, tls: UpstreamTls): void {
  const { wire } = connection
  const serverName = tls.serverName ?? (isIP(address) === 0 ? address : undefined)
  const socket = connectTls({
    host: address,
    port,
    secureContext: contextFor(tls),
    rejectUnauthorized: tls.verify,
    ALPNProtocols: ['http/1.1'],
    ...(serverName !== undefined && isIP(serverName) === 0 && { servername: serverName }),
  })
  socket.setNoDelay(true)
  wire.attach(socket)
  socket.once('connect', () => connection.reachedTcp())
  socket.once('secureConnect', () => connection.connected())
}

// Made once per settings object: the table keeps it for as long as it means the same.
function contextFor(tls: UpstreamTls): SecureContext {
  let context = contexts.get(tls)
  if (context === undefined) {
    context = createSecureContext({
      ...(tls.caPem !== undefined && { ca: tls.caPem }),
      ...(tls.certificate !== undefined && {
        cert: tls.certificate.certPem,
        key: tls.certificate.keyPem.reveal(),
      }),
      ...(tls.minVersion !== undefined && { minVersion: tls.minVersion }),
      ...(tls.ciphers !== undefined && { ciphers: tls.ciphers }),
    })
    contexts.set(tls, context)
  }
  return context
}
