import type { TlsIdentity, TlsTermination } from '@postern/exchange'
import {
  emptyTable,
  parseHostName,
  wildcardFor,
  type Certificate,
  type CertificateId,
  type HostTls,
  type RoutingTable,
} from '@postern/routing-table'
import { changesBetween } from '../changes.ts'
import { Counted } from '../counted.ts'

interface Choice {
  readonly key: string
  readonly identity: TlsIdentity
}

/** Chooses what to serve as, by server name: exact host, its wildcard, else the fallback certificate. */
export class TlsSelection implements TlsTermination {
  #table: RoutingTable = emptyTable
  readonly #certificates = new Map<CertificateId, Certificate>()
  readonly #byHost = new Map<string, Choice>()
  #fallback: Choice | undefined
  /** What is in use, by all that it is made from. */
  readonly #known = new Map<string, TlsIdentity>()
  readonly #uses = new Counted<string>()

  select(serverName: string | undefined): TlsIdentity | undefined {
    const host = serverName === undefined ? undefined : parseHostName(serverName)
    if (host === undefined) return this.#fallback?.identity
    const wildcard = wildcardFor(host)
    const choice =
      this.#byHost.get(host) ??
      (wildcard === undefined ? undefined : this.#byHost.get(wildcard)) ??
      this.#fallback
    return choice?.identity
  }

  /** Takes a new table. An identity that did not change stays the same object, so that engines keep what they derived. */
  replace(table: RoutingTable): void {
    const certificates = changesBetween(this.#table.certificates, table.certificates)
    for (const { id } of certificates.gone) this.#certificates.delete(id)
    for (const certificate of certificates.come) this.#certificates.set(certificate.id, certificate)
    const hosts = changesBetween(this.#table.hosts, table.hosts)
    const left = hosts.gone.map(({ host }) => this.#take(host))
    const touched = new Set([...certificates.gone, ...certificates.come].map(({ id }) => id))
    const others =
      touched.size === 0 ? [] : table.hosts.filter(({ tls }) => tls && touched.has(tls.certificate))
    for (const { host, tls } of new Set([...hosts.come, ...others])) {
      left.push(this.#take(host))
      const choice = tls && this.#choose(tls)
      if (choice !== undefined) this.#byHost.set(host, choice)
    }
    left.push(this.#fallback)
    const { fallbackCertificate } = table
    this.#fallback = fallbackCertificate && this.#choose({ certificate: fallbackCertificate })
    // Last, so that what is used again was never let go.
    for (const choice of left) if (choice && this.#uses.remove(choice.key)) this.#known.delete(choice.key)
    this.#table = table
  }

  #take(host: string): Choice | undefined {
    const choice = this.#byHost.get(host)
    this.#byHost.delete(host)
    return choice
  }

  #choose(tls: HostTls): Choice | undefined {
    const certificate = this.#certificates.get(tls.certificate)
    if (certificate === undefined) return undefined
    const key = JSON.stringify([certificate.id, certificate.fingerprint, tls.ciphers, tls.clientAuth])
    const identity = reusable(this.#known.get(key), certificate) ?? makeIdentity(certificate, tls)
    this.#known.set(key, identity)
    this.#uses.add(key)
    return { key, identity }
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
