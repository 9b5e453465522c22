import { annotationFeature, key } from './feature.ts'
import { boolean, text } from './value.ts'

export interface HostTlsSettings {
  readonly ciphers?: string
  readonly passthrough: boolean
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
      meaning:
        'Hands TLS that asks for the host’s very name to the Service of its path / unopened; needs --enable-ssl-passthrough. What is answered here goes to that Service by HTTPS, with or without the flag. Here the Ingress that opens the host decides.',
      verdict: {
        kind: 'differs',
        how: 'as there only with --enable-ssl-passthrough; ten minutes without a byte end a connection, which ingress-nginx keeps open',
      },
    }),
  },
  read: (v): HostTlsSettings => ({
    passthrough: v['ssl-passthrough'],
    ...(v['ssl-ciphers'] && { ciphers: v['ssl-ciphers'] }),
  }),
})
