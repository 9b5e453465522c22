import type { CorsFilter } from '@postern/routing-table'
import { annotationFeature, key } from './feature.ts'
import { boolean, headerName, integer, list, method, oneOf, Refusal, text, type ParseValue } from './value.ts'

const url = text(
  /^[a-z][a-z0-9+.-]*:\/\/(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*(:\d{1,5})?$/i,
  'expected *, null, or scheme://host[:port]; the host may begin with *.',
)
const origin: ParseValue<string> = (value) => (value === '*' || value === 'null' ? value : url(value))

const star = oneOf('*')
const headerOrStar: ParseValue<string> = (value) =>
  star(value) instanceof Refusal ? headerName(value) : value

export const cors = annotationFeature({
  name: 'CORS',
  docs: 'Answers preflight requests (204) and adds the CORS headers to responses for allowed origins. Preflights are answered before limits and authentication.',
  switch: { key: 'enable-cors' },
  keys: {
    'enable-cors': key(boolean, { default: false, meaning: 'Switches CORS on.' }),
    'cors-allow-origin': key(list(origin), {
      default: ['*'],
      fallback: [],
      meaning: 'Origins that may read responses; `*.` stands for one label.',
      verdict: {
        kind: 'differs',
        how: 'a value that cannot be understood allows nobody; ingress-nginx then allows everybody',
      },
    }),
    'cors-allow-methods': key(list(method), {
      default: ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS'],
      meaning: 'Methods that preflights allow.',
    }),
    'cors-allow-headers': key(list(headerOrStar), {
      default: [
        'DNT',
        'Keep-Alive',
        'User-Agent',
        'X-Requested-With',
        'If-Modified-Since',
        'Cache-Control',
        'Content-Type',
        'Range',
        'Authorization',
      ],
      meaning: 'Request headers that preflights allow.',
    }),
    'cors-expose-headers': key(list(headerOrStar), {
      default: [],
      defaultText: 'none',
      meaning: 'Response headers that scripts may read.',
    }),
    'cors-allow-credentials': key(boolean, {
      default: true,
      meaning: 'Whether cookies and credentials may be sent.',
    }),
    'cors-max-age': key(integer(0), {
      default: 1_728_000,
      meaning: 'Seconds for which a preflight is remembered.',
    }),
  },
  read: (v): CorsFilter | undefined => {
    if (!v['enable-cors']) return undefined
    const expose = v['cors-expose-headers']
    return {
      kind: 'cors',
      // One star allows everybody, whatever stands beside it.
      allowOrigins: v['cors-allow-origin'].includes('*') ? ['*'] : v['cors-allow-origin'],
      allowMethods: v['cors-allow-methods'].join(', '),
      allowHeaders: v['cors-allow-headers'].join(','),
      ...(expose.length > 0 && { exposeHeaders: expose.join(',') }),
      allowCredentials: v['cors-allow-credentials'],
      maxAgeS: v['cors-max-age'],
    }
  },
})
