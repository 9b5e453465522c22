import type { ClientCertificatePolicy } from '@postern/routing-table'
import { annotationFeature, key } from './feature.ts'
import { linearRegex } from './regex.ts'
import { urlOrPath } from './url.ts'
import { templateText } from './template.ts'
import { boolean, integer, objectName, oneOf, Refusal, type ObjectName, type ParseValue } from './value.ts'

export interface ClientCertificateSettings extends Omit<ClientCertificatePolicy, 'caPem'> {
  readonly secret: ObjectName
}

const errorPage: ParseValue<string> = (value) => {
  const parts = urlOrPath(value)
  return parts instanceof Refusal ? parts : templateText(parts)
}

// ingress-nginx takes nothing else, and compares the whole with the subject.
const commonName: ParseValue<string> = (value) =>
  value.startsWith('CN=') ? linearRegex(value) : new Refusal('expected CN= and an expression')

export const clientCertificate = annotationFeature({
  name: 'Client certificates',
  docs: 'Asks clients of the host for a certificate (400 without, 403 for another name). A matter of the whole host: the oldest Ingress that sets it decides.',
  switch: { key: 'auth-tls-secret' },
  keys: {
    'auth-tls-secret': key(objectName, {
      tier: 2,
      bad: 'deny',
      meaning: 'Secret with the CA (`ca.crt`): `namespace/name`.',
    }),
    'auth-tls-verify-client': key(oneOf('on', 'off', 'optional', 'optional_no_ca'), {
      default: 'on',
      tier: 2,
      bad: 'deny',
      verdict: {
        kind: 'differs',
        how: 'a host that demands a certificate answers 400 over plain HTTP too; nginx lets that pass',
      },
      meaning: 'Whether it must be there.',
    }),
    'auth-tls-verify-depth': key(integer(0, 100), {
      default: 1,
      tier: 2,
      bad: 'deny',
      verdict: { kind: 'differs', how: 'the chain may have any length' },
      meaning: 'Length of the chain.',
    }),
    'auth-tls-error-page': key(errorPage, { tier: 2, bad: 'deny', meaning: 'Where failures are sent.' }),
    'auth-tls-match-cn': key(commonName, {
      tier: 2,
      bad: 'deny',
      meaning: '`CN=` and an expression, which the subject must match (403).',
    }),
    'auth-tls-pass-certificate-to-upstream': key(boolean, {
      default: false,
      tier: 2,
      meaning: 'Send the certificate as ssl-client-cert.',
    }),
  },
  read: (v): ClientCertificateSettings | undefined => {
    const mode = v['auth-tls-verify-client']
    if (v['auth-tls-secret'] === undefined || mode === 'off') return undefined
    return {
      secret: v['auth-tls-secret'],
      mode,
      depth: v['auth-tls-verify-depth'],
      ...(v['auth-tls-match-cn'] && { matchCommonName: v['auth-tls-match-cn'] }),
      ...(v['auth-tls-error-page'] && { errorPage: v['auth-tls-error-page'] }),
      passToUpstream: v['auth-tls-pass-certificate-to-upstream'],
    }
  },
})
