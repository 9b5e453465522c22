import { annotationFeature, key } from './feature.ts'
import { boolean } from './value.ts'

export interface HttpsRedirectSettings {
  /** Plain HTTP is redirected where the host has a certificate… */
  readonly whenCertificate: boolean
  /** …or in any case. */
  readonly always: boolean
  readonly stripTrailingSlash: boolean
}

export const httpsRedirect = annotationFeature({
  name: 'Redirect to HTTPS',
  docs: 'Sends plain HTTP to HTTPS (308, or the ConfigMap’s http-redirect-code). Paths below /.well-known/acme-challenge are exempt.',
  keys: {
    'ssl-redirect': key(boolean, {
      default: true,
      global: 'ssl-redirect',
      verdict: { kind: 'differs', how: 'the redirect carries the port of --redirect-port unless it is 443' },
      meaning: 'Redirect where the host has a certificate.',
    }),
    'force-ssl-redirect': key(boolean, {
      default: false,
      global: 'force-ssl-redirect',
      verdict: { kind: 'differs', how: 'the redirect carries the port of --redirect-port unless it is 443' },
      meaning: 'Redirect even without one.',
    }),
    'preserve-trailing-slash': key(boolean, {
      default: false,
      tier: 2,
      global: 'preserve-trailing-slash',
      meaning: 'Keep a trailing slash in the redirect; ingress-nginx strips it otherwise.',
    }),
  },
  read: (v): HttpsRedirectSettings => ({
    whenCertificate: v['ssl-redirect'],
    always: v['force-ssl-redirect'],
    stripTrailingSlash: !v['preserve-trailing-slash'],
  }),
})
