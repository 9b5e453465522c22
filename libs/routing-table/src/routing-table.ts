import type { Brand } from './brand.ts'
import type { Backend } from './backend.ts'
import type { Certificate, CertificateId } from './certificate.ts'
import type { HostPattern } from './host.ts'
import type { TlsPassthrough } from './passthrough.ts'
import type { Route } from './route.ts'
import type { GlobalSettings } from './settings.ts'

/** Grows by one with every publication; appears in logs, metrics and on the admin port. */
export type Revision = Brand<number, 'Revision'>

/**
 * What the control plane gives the data plane: plain, frozen, sorted data. The same manifests give the same bytes.
 * A host that did not change keeps its object identity from one table to the next, so that whatever was derived
 * from it can be kept too. A host or backend may be a view that is read out of a packed form each time somebody looks: whoever
 * needs its parts often keeps what it read.
 */
export interface RoutingTable {
  readonly revision: Revision
  /** Exact names, then wildcards, then the catch-all; each group sorted by name. At most one entry per pattern. */
  readonly hosts: readonly VirtualHost[]
  /** Routes refer to these by id. Sorted by id. */
  readonly backends: readonly Backend[]
  /** Hosts refer to these by id. Sorted by id. */
  readonly certificates: readonly Certificate[]
  /** Served when no host's certificate fits the server name that the client asked for. */
  readonly fallbackCertificate?: CertificateId
  /** Hosts whose TLS ends at their backend, sorted by name. Absent: none. */
  readonly passthroughs?: readonly TlsPassthrough[]
  /** What answers when no host, or no route of the matched host, fits. */
  readonly defaultRoute: Route
  readonly settings: GlobalSettings
}

export interface VirtualHost {
  readonly host: HostPattern
  /** In matching order: the first that fits wins. There is no fall-through from one host to another. */
  readonly routes: readonly Route[]
  /** Answers when no route of this host fits; the table's `defaultRoute` when absent. */
  readonly defaultRoute?: Route
  readonly tls?: HostTls
}

/** TLS of one host. Chosen by server name (SNI) in the handshake, while routes are chosen by the Host header. */
export interface HostTls {
  readonly certificate: CertificateId
  readonly ciphers?: string
  readonly clientAuth?: ClientCertificatePolicy
}

/** Client certificates, as `auth-tls-*` ask for them. Failure is 400, a subject that does not match 403. */
export interface ClientCertificatePolicy {
  readonly mode: 'on' | 'optional' | 'optional_no_ca'
  readonly caPem: string
  readonly depth: number
  /** `CN=` and an expression, which the subject must match: `$ssl_client_s_dn` of nginx. */
  readonly matchCommonName?: string
  readonly errorPage?: string
  readonly passToUpstream: boolean
}
