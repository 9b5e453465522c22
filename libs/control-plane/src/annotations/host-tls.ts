import { annotationFeature, key } from './feature.ts'
import { boolean, text } from './value.ts'

export interface HostTlsSettings {
  readonly ciphers?: string
}

export const hostTls = annotationFeature({
  name: 'TLS of a host',
  docs: 'A matter of the whole host: the oldest Ingress that sets it decides.',
  keys: {
    'ssl-ciphers': key(text(/^[A-Za-z0-9!:+@=_-]+$/, 'expected an OpenSSL cipher list'), {
      tier: 2,
      global: 'ssl-ciphers',
      meaning: 'OpenSSL cipher list for TLS 1.2.',
    }),
    'ssl-prefer-server-ciphers': key(boolean, {
      tier: 2,
      meaning: 'The order of the server counts.',
      verdict: { kind: 'no-op', because: 'the order of the server always counts' },
    }),
    'ssl-passthrough': key(boolean, {
      default: false,
      tier: 2,
      meaning: 'Hands TLS to the backend unopened.',
      verdict: {
        kind: 'not-yet',
        because: 'TLS ends here, as with ingress-nginx without --enable-ssl-passthrough',
      },
    }),
  },
  read: (v): HostTlsSettings => ({ ...(v['ssl-ciphers'] && { ciphers: v['ssl-ciphers'] }) }),
})
