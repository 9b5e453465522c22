import type { Certificate, CertificateId } from '@postern/routing-table'
import { certificateOf, readCertificate } from './certificates.ts'
import type { Joining } from './joining.ts'

/** For everybody whom no other certificate fits: `--default-ssl-certificate`, or the one that was made at start. */
export function fallbackCertificate({ objects, settings, diagnostics }: Joining): Certificate | undefined {
  const wanted = settings.defaultSslCertificate
  const secret = wanted && objects.secrets.get(`${wanted.namespace}/${wanted.name}`)
  if (secret !== undefined) {
    const reading = certificateOf(secret)
    if ('certificate' in reading) return reading.certificate
    diagnostics.push({
      severity: 'error',
      code: 'default-certificate',
      message: reading.problem,
      fix: reading.fix,
      object: secret.ref,
    })
  } else if (wanted !== undefined) {
    const message = `--default-ssl-certificate: there is no Secret ${wanted.namespace}/${wanted.name}; a made certificate stands in`
    diagnostics.push({ severity: 'error', code: 'default-certificate', message, fix: 'add the Secret' })
  }
  return settings.fallbackCertificate && madeCertificate(settings.fallbackCertificate)
}

const made = new WeakMap<object, Certificate | undefined>()

function madeCertificate(pair: {
  readonly certPem: string
  readonly keyPem: string
}): Certificate | undefined {
  if (!made.has(pair)) {
    const origin = { kind: 'Default', namespace: '', name: 'fallback-certificate' }
    const reading = readCertificate({ ...pair, id: 'postern/fallback' as CertificateId, origin })
    made.set(pair, 'certificate' in reading ? reading.certificate : undefined)
  }
  return made.get(pair)
}
