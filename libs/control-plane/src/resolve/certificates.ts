import { createPrivateKey, X509Certificate } from 'node:crypto'
import {
  Redacted,
  wildcardFor,
  type Certificate,
  type CertificateId,
  type HostName,
  type ObjectRef,
} from '@postern/routing-table'
import type { Secret } from '../parse/secret.ts'

/** A certificate, or why a Secret holds none. */
export type CertificateReading =
  { readonly certificate: Certificate } | { readonly problem: string; readonly fix: string }

const memory = new WeakMap<Secret, CertificateReading>()

/** The certificate of a TLS Secret: type kubernetes.io/tls, or any other with the same keys `tls.crt` and `tls.key`. */
export function certificateOf(secret: Secret): CertificateReading {
  let reading = memory.get(secret)
  if (reading === undefined) memory.set(secret, (reading = readSecret(secret)))
  return reading
}

function readSecret(secret: Secret): CertificateReading {
  const certPem = secret.data.get('tls.crt')?.reveal().toString('utf8')
  const keyPem = secret.data.get('tls.key')?.reveal().toString('utf8')
  if (!certPem || !keyPem) {
    const missing = [certPem ? undefined : 'tls.crt', keyPem ? undefined : 'tls.key']
      .filter(Boolean)
      .join(' and ')
    return {
      problem: `Secret ${secret.namespace}/${secret.name} has no ${missing}`,
      fix: 'make it with kubectl create secret tls',
    }
  }
  return readCertificate({
    id: `${secret.namespace}/${secret.name}` as CertificateId,
    certPem,
    keyPem,
    origin: secret.ref,
  })
}

export interface PemPair {
  readonly id: CertificateId
  readonly certPem: string
  readonly keyPem: string
  readonly origin: ObjectRef
}

/** Reads PEM; refuses what a TLS handshake would refuse. No part of the key ever stands in a problem. */
export function readCertificate({ id, certPem, keyPem, origin }: PemPair): CertificateReading {
  try {
    const leaf = new X509Certificate(certPem)
    const key = readKey(keyPem)
    if (key === undefined)
      return {
        problem: `the private key of ${id} is not PEM`,
        fix: 'put an unencrypted PEM key into tls.key',
      }
    if (!leaf.checkPrivateKey(key))
      return {
        problem: `the private key of ${id} belongs to another certificate`,
        fix: 'put the pair that belongs together into the Secret',
      }
    return {
      certificate: {
        id,
        certPem,
        keyPem: new Redacted(keyPem),
        fingerprint: leaf.fingerprint256,
        names: namesOf(leaf),
        notBefore: new Date(leaf.validFrom).toISOString(),
        notAfter: new Date(leaf.validTo).toISOString(),
        origin,
      },
    }
  } catch {
    return {
      problem: `the certificate of ${id} is not PEM`,
      fix: 'put a PEM certificate, leaf first, into tls.crt',
    }
  }
}

function readKey(pem: string): ReturnType<typeof createPrivateKey> | undefined {
  try {
    return createPrivateKey(pem)
  } catch {
    return undefined
  }
}

// `DNS:a.example, IP Address:127.0.0.1`; without alternative names the common name counts, as with ingress-nginx.
function namesOf(leaf: X509Certificate): readonly string[] {
  const names = (leaf.subjectAltName ?? '')
    .split(', ')
    .flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1]?.toLowerCase() ?? [])
  if (names.length > 0) return names
  const commonName = /^CN=(.+)$/m.exec(leaf.subject)?.[1]
  return commonName === undefined ? [] : [commonName.toLowerCase()]
}

/** Whether a certificate is valid for a host of a rule, wildcard hosts included (RFC 6125 §6.4.3: the star is one label). */
export function coversHost({ names }: Certificate, host: string): boolean {
  const wildcard = wildcardFor(host as HostName)
  return names.some((name) => name === host || name === wildcard)
}
