import { constants } from 'node:crypto'
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls'
import type { TlsIdentity } from '@postern/exchange'
import type { Certificate } from '@postern/routing-table'

/** Secure contexts, made once per certificate object and settings; they go when the certificate goes. */
export class TlsContexts {
  readonly #contexts = new WeakMap<Certificate, Map<string, SecureContext>>()

  get(identity: TlsIdentity): SecureContext {
    let bySettings = this.#contexts.get(identity.certificate)
    if (bySettings === undefined) this.#contexts.set(identity.certificate, (bySettings = new Map()))
    const key = `${identity.ciphers ?? ''}|${identity.clientAuth?.caPem ?? ''}`
    let context = bySettings.get(key)
    if (context === undefined)
      bySettings.set(key, (context = createSecureContext(secureContextOptions(identity))))
    return context
  }
}

/**
 * A ticket keeps a client's certificate and not the chain behind it, whose length counts. Such an option holds for a whole
 * server: it is not the context of the host that a connection takes it from.
 */
export const NO_TICKETS = constants.SSL_OP_NO_TICKET

/** What `node:tls` needs to serve as this identity. */
export function secureContextOptions({
  certificate,
  ciphers,
  clientAuth,
}: TlsIdentity): SecureContextOptions {
  return {
    cert: certificate.certPem,
    key: certificate.keyPem.reveal(),
    minVersion: 'TLSv1.2',
    secureOptions: NO_TICKETS,
    ...(ciphers !== undefined && { ciphers }),
    ...(clientAuth !== undefined && { ca: clientAuth.caPem }),
  }
}
