import { generate } from 'selfsigned'
import { X509Certificate } from 'node:crypto'
import { Redacted, type Certificate, type CertificateId } from '@postern/routing-table'

export interface TestCertificate {
  readonly certPem: string
  readonly keyPem: string
}

export interface TestAuthority extends TestCertificate {
  /**
   * A leaf for these DNS names and addresses, signed by this authority. `commonName` is the first name; what has an equals
   * sign, as `O=Acme`, is another attribute of the subject.
   */
  issue(...names: readonly string[]): Promise<TestCertificate>
  /** An authority of this one. What it issues carries the certificates between, as a client sends them. */
  subordinate(commonName: string): Promise<TestAuthority>
}

/** A certificate authority of one test, with elliptic curve keys because they are made in a millisecond. */
export async function makeAuthority(commonName = 'Postern Test Authority'): Promise<TestAuthority> {
  return authority(commonName)
}

async function authority(commonName: string, above?: TestCertificate, between = ''): Promise<TestAuthority> {
  const ca = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...(above && { ca: { key: above.keyPem, cert: above.certPem } }),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  const chain = above === undefined ? '' : `\n${ca.cert}${between}`
  const issue = async (...given: readonly string[]): Promise<TestCertificate> => {
    const names = given.filter((name) => !name.includes('='))
    const others = given.flatMap((name) => {
      const [shortName, value] = name.split(/=(.*)/)
      // The library reads a name as RFC 2253 writes it.
      const escaped = value?.replace(/[,+"\\<>;]/g, '\\$&')
      return escaped === undefined ? [] : [{ shortName: shortName ?? '', value: escaped }]
    })
    const leaf = await generate([...others, { name: 'commonName', value: names[0] ?? 'test' }], {
      keyType: 'ec',
      algorithm: 'sha256',
      ca: { key: ca.private, cert: ca.cert },
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'keyUsage', digitalSignature: true, critical: true },
        { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
        { name: 'subjectAltName', altNames: names.map(altName) },
      ],
    })
    return { certPem: leaf.cert + chain, keyPem: leaf.private }
  }
  const own = { certPem: ca.cert, keyPem: ca.private }
  return { ...own, issue, subordinate: (name) => authority(name, own, chain) }
}

/** The certificate as it stands in a routing table. */
export function tableCertificate(id: string, { certPem, keyPem }: TestCertificate): Certificate {
  const parsed = new X509Certificate(certPem)
  return {
    id: id as CertificateId,
    certPem,
    keyPem: new Redacted(keyPem),
    fingerprint: parsed.fingerprint256,
    names: (parsed.subjectAltName ?? '').split(', ').map((name) => name.replace(/^(DNS|IP Address):/, '')),
    notBefore: parsed.validFromDate.toISOString(),
    notAfter: parsed.validToDate.toISOString(),
    origin: { kind: 'Secret', namespace: 'test', name: id },
  }
}

function altName(name: string): { type: 2; value: string } | { type: 7; ip: string } {
  return /^[0-9.]+$|:/.test(name) ? { type: 7, ip: name } : { type: 2, value: name }
}
