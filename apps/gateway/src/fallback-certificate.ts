import { generate } from 'selfsigned'

const DAY_MS = 24 * 3600 * 1000

/**
 * The certificate for names that no Secret covers. It says what it is, so that a person who meets it in a browser
 * learns at once that no certificate was found; it lives as long as the process.
 */
export async function makeFallbackCertificate(now: Date): Promise<{ certPem: string; keyPem: string }> {
  const subject = [
    { name: 'commonName', value: 'Postern Fallback Certificate' },
    { name: 'organizationName', value: 'No Secret covers this host' },
  ]
  const pair = await generate(subject, {
    keyType: 'ec',
    curve: 'P-256',
    // selfsigned signs with SHA-1 unless told otherwise, which clients refuse.
    algorithm: 'sha256',
    notBeforeDate: new Date(now.getTime() - DAY_MS),
    notAfterDate: new Date(now.getTime() + 365 * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'ingress.local' }] },
    ],
  })
  return { certPem: pair.cert, keyPem: pair.private }
}
