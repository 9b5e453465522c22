import { connect as connectTcp, isIP, Socket } from 'node:net'
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

const contexts = new WeakMap<UpstreamTls, SecureContext | Error>()

/** Opens the socket of a TLS connection; the peer is verified unless the settings say otherwise. */
export function dialTls(connection: UpstreamConnection, { address, port }: Endpoint, tls: UpstreamTls): void {
  const { wire } = connection
  const secureContext = contextFor(tls)
  if (secureContext instanceof Error) return fail(connection, secureContext)
  const serverName = tls.serverName ?? (isIP(address) === 0 ? address : undefined)
  const socket = connectTls({
    host: address,
    port,
    secureContext,
    rejectUnauthorized: tls.verify,
    ALPNProtocols: ['http/1.1'],
    ...(serverName !== undefined && isIP(serverName) === 0 && { servername: serverName }),
  })
  socket.setNoDelay(true)
  wire.attach(socket)
  socket.once('connect', () => connection.reachedTcp())
  socket.once('secureConnect', () => connection.connected())
}

/** Settings that OpenSSL refuses fail like a handshake: a fault of TLS, told when the caller has returned. */
function fail(connection: UpstreamConnection, error: Error): void {
  const socket = new Socket()
  connection.wire.attach(socket)
  connection.reachedTcp()
  socket.destroy(error)
}

// Made once per settings object: the table keeps it for as long as it means the same.
function contextFor(tls: UpstreamTls): SecureContext | Error {
  let context = contexts.get(tls)
  if (context === undefined) contexts.set(tls, (context = makeContext(tls)))
  return context
}

function makeContext({ caPem, certificate, minVersion, ciphers }: UpstreamTls): SecureContext | Error {
  try {
    return createSecureContext({
      ...(caPem !== undefined && { ca: caPem }),
      ...(certificate !== undefined && { cert: certificate.certPem, key: certificate.keyPem.reveal() }),
      ...(minVersion !== undefined && { minVersion }),
      ...(ciphers !== undefined && { ciphers }),
    })
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
