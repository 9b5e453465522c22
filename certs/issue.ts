// The only place that makes certificates. The encoding is selfsigned's; the choices are ours.
import { generate } from 'selfsigned'
import { isIP } from 'node:net'

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly cert: string
  readonly key: string
}

/** What a certificate is for. `names` become its subject alternative names: DNS names, `*.` wildcards or IP addresses. */
export interface Subject {
  readonly commonName: string
  readonly organization?: string
  readonly names: readonly string[]
}

const DAY_MS = 24 * 60 * 60 * 1000
const AUTHORITY_DAYS = 3650
// Browsers refuse leaves that are valid for longer than 398 days.
const LEAF_DAYS = 397
// selfsigned signs with SHA-1 unless told otherwise, and OpenSSL 3 refuses SHA-1.
const ALGORITHM = 'sha256'

/** A certificate authority of our own: EC P-256, ten years. */
export async function issueAuthority(commonName: string): Promise<KeyPair> {
  const made = await generate(attributes({ commonName, organization: 'Postern development', names: [] }), {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: ALGORITHM,
    ...validFor(AUTHORITY_DAYS),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  return { cert: made.cert, key: made.private }
}

/** A server certificate signed by `authority`: EC P-256, 397 days. */
export async function issueLeaf(subject: Subject, authority: KeyPair): Promise<KeyPair> {
  const made = await generate(attributes(subject), {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: ALGORITHM,
    ...validFor(LEAF_DAYS),
    ca: { key: authority.key, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      alternativeNames(subject.names),
    ],
  })
  return { cert: made.cert, key: made.private }
}

/**
 * A certificate that vouches for itself: RSA 2048, one year, as the Kubernetes example `https-nginx` makes it,
 * but with subject alternative names, which browsers and Go ask for. `cA: true` lets a client trust it as its own root.
 */
export async function issueSelfSigned(subject: Subject): Promise<KeyPair> {
  const made = await generate(attributes(subject), {
    keyType: 'rsa',
    keySize: 2048,
    algorithm: ALGORITHM,
    ...validFor(365),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      alternativeNames(subject.names),
    ],
  })
  return { cert: made.cert, key: made.private }
}

function attributes(subject: Subject): { name: string; value: string }[] {
  const name = [{ name: 'commonName', value: subject.commonName }]
  if (subject.organization === undefined) return name
  return [...name, { name: 'organizationName', value: subject.organization }]
}

function alternativeNames(names: readonly string[]) {
  return {
    name: 'subjectAltName' as const,
    altNames: names.map((name) =>
      isIP(name) > 0 ? { type: 7 as const, ip: name } : { type: 2 as const, value: name },
    ),
  }
}

function validFor(days: number): { notBeforeDate: Date; notAfterDate: Date } {
  // A minute back, so that a machine whose clock is a little late accepts the certificate too.
  const from = Date.now() - 60_000
  return { notBeforeDate: new Date(from), notAfterDate: new Date(from + days * DAY_MS) }
}
