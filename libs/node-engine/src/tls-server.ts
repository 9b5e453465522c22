import type { Server } from 'node:http'
import type { SecureContextOptions, TlsOptions } from 'node:tls'
import type { TlsIdentity, TlsTermination } from '@postern/exchange'
import { NO_TICKETS, secureContextOptions, type TlsContexts } from './tls-contexts.ts'

/** Chooses the certificate of every handshake that carries a server name, from the table of that moment. */
export function tlsServerOptions(tls: TlsTermination, contexts: TlsContexts): TlsOptions {
  return {
    ALPNProtocols: ['http/1.1'],
    secureOptions: NO_TICKETS,
    // Whether a client's certificate is wanted depends on the host; the decision on a bad one is the data plane's.
    requestCert: false,
    rejectUnauthorized: false,
    SNICallback(this: unknown, serverName, answer) {
      const identity = tls.select(serverName)
      if (identity === undefined) return answer(new Error(`no certificate for ${JSON.stringify(serverName)}`))
      if (identity.clientAuth !== undefined) askForCertificate(this)
      try {
        answer(null, contexts.get(identity))
      } catch (error) {
        // A key that does not fit its certificate ends this handshake, not the process.
        answer(error instanceof Error ? error : new Error(String(error)))
      }
    },
  }
}

/**
 * A handshake without server name never reaches SNICallback and takes the server's own context: kept equal to
 * what the table says now, checked before each handshake starts.
 */
export function followTable(server: Server, tls: TlsTermination): void {
  let served: TlsIdentity | undefined
  server.prependListener('connection', () => {
    const identity = tls.select(undefined)
    if (identity === served || identity === undefined || !canChangeContext(server)) return
    served = identity
    try {
      server.setSecureContext(secureContextOptions(identity))
    } catch {
      // A key that does not fit its certificate: the context that served until now stays.
    }
  })
}

function canChangeContext(
  server: object,
): server is { setSecureContext(options: SecureContextOptions): void } {
  return 'setSecureContext' in server
}

// Node asks all clients of a server for a certificate, or none; SSL_set_verify during the handshake, as nginx calls it,
// is only reachable by the handle. Where a later Node hides it, the client counts as unverified and is refused: safe.
function askForCertificate(socket: unknown): void {
  if (typeof socket !== 'object' || socket === null) return
  const handle: unknown = Reflect.get(socket, '_handle')
  if (typeof handle !== 'object' || handle === null) return
  const setVerifyMode: unknown = Reflect.get(handle, 'setVerifyMode')
  if (typeof setVerifyMode !== 'function') return
  setVerifyMode.call(handle, true, false)
  // Tells TLSSocket to work out `authorized` when the handshake is done.
  Reflect.set(socket, '_requestCert', true)
}
