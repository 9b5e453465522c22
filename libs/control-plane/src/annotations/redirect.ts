import type { RedirectFilter } from '@postern/routing-table'
import { annotationFeature, key } from './feature.ts'
import { httpUrl } from './url.ts'
import { boolean, integer } from './value.ts'

export interface RedirectSettings {
  readonly filter?: RedirectFilter
  /** Make the missing one of `www.` and apex, and send its visitors here. */
  readonly fromToWww: boolean
  readonly relative: boolean
}

export const redirect = annotationFeature({
  name: 'Redirects',
  docs: 'Sends every path of the Ingress elsewhere; its Services are not asked. A temporal redirect wins over a permanent one.',
  keys: {
    'permanent-redirect': key(httpUrl, { meaning: 'Where to (301).' }),
    'permanent-redirect-code': key(integer(300, 308), { default: 301, meaning: 'Another status for it.' }),
    'temporal-redirect': key(httpUrl, { meaning: 'Where to (302).' }),
    'temporal-redirect-code': key(integer(300, 307), { default: 302, meaning: 'Another status for it.' }),
    'from-to-www-redirect': key(boolean, {
      default: false,
      verdict: { kind: 'differs', how: 'the redirect keeps the port of the request' },
      meaning: 'Redirects `www.` to the apex or the other way round, whichever has no rule (308).',
    }),
    'relative-redirects': key(boolean, {
      default: false,
      tier: 2,
      global: 'relative-redirects',
      meaning:
        'Leave paths in Location without scheme and host: where a slash is added, and where proxy-redirect-to is a path.',
    }),
    'use-port-in-redirects': key(boolean, {
      default: false,
      tier: 2,
      meaning: 'Keep the port in redirects.',
      verdict: {
        kind: 'no-op',
        because: 'redirects always carry the port in use, unless it is the scheme’s own',
      },
    }),
  },
  read: (v): RedirectSettings => {
    const location = v['temporal-redirect'] ?? v['permanent-redirect']
    const status = v['temporal-redirect'] ? v['temporal-redirect-code'] : v['permanent-redirect-code']
    return {
      ...(location && { filter: { kind: 'redirect', status, when: 'always', location } }),
      fromToWww: v['from-to-www-redirect'],
      relative: v['relative-redirects'],
    }
  },
})
