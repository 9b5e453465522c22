import { certificateOf, noteAt, type Diagnostic, type Secret } from '@postern/control-plane'
import type { Rule } from '../rule.ts'

const SOON_DAYS = 14
const DAY_MS = 24 * 3_600_000

/** TLS Secrets that hold a path instead of PEM, or a certificate whose time is over or near. */
export const certificates: Rule = ({ world, now }) =>
  [...world.objects.secrets.values()].flatMap((secret) => {
    if (!secret.data.has('tls.crt') && secret.type !== 'kubernetes.io/tls') return []
    const path = holdsPath(secret)
    if (path.length > 0) return path
    const reading = certificateOf(secret)
    if ('problem' in reading) return []
    return validity(secret, reading.certificate.notBefore, reading.certificate.notAfter, now)
  })

/** True for a Secret that `holdsPath` speaks of: what else is wrong with it follows from that. */
export function holdsPath(secret: Secret): readonly Diagnostic[] {
  return ['tls.crt', 'tls.key'].flatMap((key) => {
    const text = secret.data.get(key)?.reveal().toString('utf8').trim() ?? ''
    if (!/^(?:~|\.{0,2})\/?[\w./~-]+\.(?:crt|pem|key|cer)$/i.test(text)) return []
    const message = `${key} holds the path of a file, not what stands in it`
    const fix = 'make it with kubectl create secret tls NAME --cert FILE --key FILE'
    return [at(secret, key, { code: 'secret-holds-path', message, fix })]
  })
}

function validity(secret: Secret, from: string, to: string, now: Date): readonly Diagnostic[] {
  const left = new Date(to).getTime() - now.getTime()
  if (left < 0)
    return [
      at(secret, 'tls.crt', {
        code: 'certificate-expired',
        message: `the certificate ended on ${to.slice(0, 10)}`,
        fix: 'renew it',
      }),
    ]
  if (new Date(from) > now) {
    const message = `the certificate begins on ${from.slice(0, 10)} only`
    return [at(secret, 'tls.crt', { code: 'certificate-not-yet', message, fix: 'use one that is valid now' })]
  }
  if (left > SOON_DAYS * DAY_MS) return []
  const message = `the certificate ends on ${to.slice(0, 10)}, in less than ${String(SOON_DAYS)} days`
  return [at(secret, 'tls.crt', { severity: 'warning', code: 'certificate-soon', message, fix: 'renew it' })]
}

function at(secret: Secret, key: string, note: Parameters<typeof noteAt>[3]): Diagnostic {
  const field = Object.hasOwn((secret.manifest.content['stringData'] as object | undefined) ?? {}, key)
    ? 'stringData'
    : 'data'
  return noteAt(secret.manifest, secret.ref, [field, key], note)
}
