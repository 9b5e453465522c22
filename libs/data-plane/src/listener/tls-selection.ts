import type { TlsIdentity, TlsTermination } from '@postern/exchange'
import {
  parseHostName,
  wildcardFor,
  type Certificate,
  type HostTls,
  type RoutingTable,
} from '@postern/routing-table'

/** Chooses what to serve as, by server name: exact host, its wildcard, else the fallback certificate. */
export class TlsSelection implements TlsTermination {
  #byHost = new Map<string, TlsIdentity>()
  #fallback: TlsIdentity | undefined
  #known = new Map<string, TlsIdentity>()

  select(serverName: string | undefined): TlsIdentity | undefined {
    const host = serverName === undefined ? undefined : parseHostName(serverName)
    if (host === undefined) return this.#fallback
    const wildcard = wildcardFor(host)
    return (
      this.#byHost.get(host) ??
      (wildcard === undefined ? undefined : this.#byHost.get(wildcard)) ??
      this.#fallback
    )
  }

  /** Takes a new table. An identity that did not change stays the same object, so that engines keep what they derived. */
  replace(table: RoutingTable): void {
    const certificates = new Map(
      table.certificates.map((certificate) => [certificate.id as string, certificate]),
    )
    const before = this.#known
    const known = new Map<string, TlsIdentity>()
    const identity = (tls: HostTls): TlsIdentity | undefined => {
      const certificate = certificates.get(tls.certificate)
      if (certificate === undefined) return undefined
      const key = JSON.stringify([certificate.id, certificate.fingerprint, tls.ciphers, tls.clientAuth])
      const kept = known.get(key) ?? reusable(before.get(key), certificate) ?? makeIdentity(certificate, tls)
      known.set(key, kept)
      return kept
    }
    const byHost = new Map<string, TlsIdentity>()
    for (const { host, tls } of table.hosts) {
      const found = tls === undefined ? undefined : identity(tls)
      if (found !== undefined) byHost.set(host, found)
    }
    this.#fallback =
      table.fallbackCertificate === undefined
        ? undefined
        : identity({ certificate: table.fallbackCertificate })
    this.#byHost = byHost
    this.#known = known
  }
}

// The fingerprint names the certificate; a Secret may still pair the same one with another key.
function reusable(known: TlsIdentity | undefined, certificate: Certificate): TlsIdentity | undefined {
  if (known === undefined) return undefined
  return known.certificate.keyPem.reveal() === certificate.keyPem.reveal() &&
    known.certificate.certPem === certificate.certPem
    ? known
    : undefined
}

function makeIdentity(certificate: Certificate, { ciphers, clientAuth }: HostTls): TlsIdentity {
  return {
    certificate,
    ...(ciphers !== undefined && { ciphers }),
    ...(clientAuth !== undefined && { clientAuth }),
  }
}
