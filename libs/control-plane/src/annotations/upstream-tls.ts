import { annotationFeature, key } from './feature.ts'
import {
  hostName,
  integer,
  objectName,
  oneOf,
  Refusal,
  text,
  type ObjectName,
  type ParseValue,
} from './value.ts'

export interface UpstreamTlsSettings {
  readonly verify: boolean
  /** Said by nobody: verification is off because that is ingress-nginx's default. */
  readonly verifyByDefault: boolean
  readonly secret?: ObjectName
  readonly serverName?: string
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3'
  readonly ciphers?: string
}

const VERSIONS = ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']

const protocols: ParseValue<'TLSv1.2' | 'TLSv1.3'> = (value) => {
  const words = value.split(/\s+/).filter(Boolean)
  if (words.length === 0 || !words.every((word) => VERSIONS.includes(word)))
    return new Refusal(`expected some of ${VERSIONS.join(' ')}`)
  if (!words.includes('TLSv1.2') && !words.includes('TLSv1.3'))
    return new Refusal('expected TLSv1.2 or TLSv1.3 among them')
  return words.includes('TLSv1.2') ? 'TLSv1.2' : 'TLSv1.3'
}

const ciphers = text(/^[A-Za-z0-9!:+@=_-]+$/, 'expected an OpenSSL cipher list')

export const upstreamTls = annotationFeature({
  name: 'TLS to the upstream',
  docs: 'How an HTTPS or GRPCS upstream is verified, and an https: service that auth-url or mirror-target names. ingress-nginx does not verify by default, and neither is it done here with --compat ingress-nginx.',
  keys: {
    'proxy-ssl-verify': key(oneOf('on', 'off'), {
      defaultText: 'off (on with --compat spec)',
      tier: 2,
      bad: 'deny',
      meaning: 'Verify the upstream’s certificate.',
      verdict: {
        kind: 'differs',
        how: 'without proxy-ssl-secret the system’s authorities count; ingress-nginx then verifies nobody',
      },
    }),
    'proxy-ssl-secret': key(objectName, {
      tier: 2,
      bad: 'deny',
      meaning: 'Secret with `ca.crt`, and `tls.crt`, `tls.key` to show: `namespace/name`.',
    }),
    'proxy-ssl-name': key(hostName, {
      tier: 2,
      bad: 'deny',
      meaning: 'Name that the certificate must have.',
      verdict: { kind: 'differs', how: 'in force without proxy-ssl-secret, too' },
    }),
    'proxy-ssl-server-name': key(oneOf('on', 'off'), {
      default: 'off',
      tier: 2,
      verdict: { kind: 'differs', how: 'the name is always sent' },
      meaning: 'Send the name in the handshake (SNI).',
    }),
    'proxy-ssl-verify-depth': key(integer(1, 100), {
      default: 1,
      tier: 2,
      meaning: 'Length of the chain.',
      verdict: { kind: 'no-op', because: 'the chain may have any length' },
    }),
    'proxy-ssl-protocols': key(protocols, {
      tier: 2,
      defaultText: 'TLSv1.2',
      meaning: 'Versions of TLS; the lowest of them counts.',
      verdict: {
        kind: 'differs',
        how: 'versions below 1.2 are never spoken, and 1.3 wherever the upstream knows it; in force without proxy-ssl-secret, too',
      },
    }),
    'proxy-ssl-ciphers': key(ciphers, {
      tier: 2,
      defaultText: 'DEFAULT',
      meaning: 'OpenSSL cipher list.',
      verdict: {
        kind: 'differs',
        how: 'for TLS 1.2: 1.3, which has no such list, is spoken wherever the upstream knows it; in force without proxy-ssl-secret, too',
      },
    }),
  },
  read: (v): UpstreamTlsSettings => ({
    verify: v['proxy-ssl-verify'] === 'on',
    verifyByDefault: v['proxy-ssl-verify'] === undefined,
    ...(v['proxy-ssl-secret'] && { secret: v['proxy-ssl-secret'] }),
    ...(v['proxy-ssl-name'] && { serverName: v['proxy-ssl-name'] }),
    ...(v['proxy-ssl-protocols'] && { minVersion: v['proxy-ssl-protocols'] }),
    ...(v['proxy-ssl-ciphers'] && { ciphers: v['proxy-ssl-ciphers'] }),
  }),
})
