import type { CookieAffinity } from '@postern/routing-table'
import { annotationFeature, key } from './feature.ts'
import { boolean, headerName, hostName, integer, oneOf, Refusal, text } from './value.ts'

export interface AffinitySettings {
  readonly cookie?: CookieAffinity
  /** Whether a client that once met a canary stays with it. */
  readonly canaryBehavior: 'sticky' | 'legacy'
}

export const affinity = annotationFeature({
  name: 'Session affinity',
  docs: 'A cookie keeps a client with one endpoint. The cookie is HttpOnly always, and Secure over HTTPS.',
  switch: { key: 'affinity', exempt: ['affinity-canary-behavior'] },
  keys: {
    affinity: key(oneOf('cookie', ''), {
      meaning:
        'Switches it on: `cookie`. Paths of other Ingresses that lead to the Service follow the cookie, and set none.',
    }),
    'affinity-mode': key(oneOf('balanced', 'persistent'), {
      default: 'balanced',
      meaning: '`balanced` moves clients when endpoints are added, `persistent` never.',
    }),
    'affinity-canary-behavior': key(oneOf('sticky', 'legacy'), {
      default: 'sticky',
      meaning: 'Whether clients stay with the canary they met.',
    }),
    'session-cookie-name': key(headerName, { default: 'INGRESSCOOKIE', meaning: 'Name of the cookie.' }),
    'session-cookie-path': key(text(/^\/[^;,\s"\\]*$/, 'expected a path'), {
      defaultText: 'the path of the rule',
      meaning: 'Path of the cookie; set it where paths are regular expressions.',
    }),
    'session-cookie-domain': key(hostName, { meaning: 'Domain of the cookie.' }),
    'session-cookie-samesite': key(oneOf('None', 'Lax', 'Strict'), { meaning: 'SameSite of the cookie.' }),
    'session-cookie-conditional-samesite-none': key(boolean, {
      default: false,
      meaning: 'Leave SameSite=None out for browsers that misread it.',
    }),
    'session-cookie-secure': key(boolean, { default: false, meaning: 'Secure even over plain HTTP.' }),
    'session-cookie-expires': key(integer(0), { meaning: 'Seconds until Expires.' }),
    'session-cookie-max-age': key(integer(0), { meaning: 'Seconds of Max-Age.' }),
    'session-cookie-change-on-failure': key(boolean, {
      default: false,
      meaning: 'Move the client when its endpoint fails.',
    }),
  },
  read: (v): AffinitySettings | Refusal => {
    const canaryBehavior = v['affinity-canary-behavior']
    if (v.affinity !== 'cookie') return { canaryBehavior }
    const {
      'session-cookie-path': path,
      'session-cookie-domain': domain,
      'session-cookie-samesite': sameSite,
    } = v
    return {
      canaryBehavior,
      cookie: {
        name: v['session-cookie-name'],
        mode: v['affinity-mode'],
        ...(path && { path }),
        ...(domain && { domain }),
        ...(sameSite && { sameSite }),
        conditionalSameSiteNone: v['session-cookie-conditional-samesite-none'],
        secure: v['session-cookie-secure'],
        ...(v['session-cookie-expires'] !== undefined && { expiresS: v['session-cookie-expires'] }),
        ...(v['session-cookie-max-age'] !== undefined && { maxAgeS: v['session-cookie-max-age'] }),
        changeOnFailure: v['session-cookie-change-on-failure'],
      },
    }
  },
})
