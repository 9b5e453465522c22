import type { Brand, ObjectRef } from './brand.ts'
import type { Redacted } from './redacted.ts'

/** `namespace/secret`. */
export type CertificateId = Brand<string, 'CertificateId'>

export interface Certificate {
  readonly id: CertificateId
  /** PEM, leaf first, then intermediates (RFC 8446 §4.4.2 order). */
  readonly certPem: string
  readonly keyPem: Redacted
  /** SHA-256 of the leaf, upper-case hex with colons, as openssl prints it. */
  readonly fingerprint: string
  /** DNS names and addresses of the subject alternative names. */
  readonly names: readonly string[]
  /** ISO 8601. */
  readonly notBefore: string
  readonly notAfter: string
  readonly origin: ObjectRef
}
