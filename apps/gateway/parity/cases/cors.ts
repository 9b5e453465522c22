import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { NOWHERE, pass, prefix, server } from '../nginx-parts.ts'
import { ask } from '../observe.ts'

const ANY = 'any.cors.example'
const LIST = 'list.cors.example'
const GUARDED = 'guarded.cors.example'
const ALLOW = `'Access-Control-Allow-Methods: GET, PUT, POST, DELETE, PATCH, OPTIONS' 'Access-Control-Allow-Headers: DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization'`

interface Cors {
  readonly test: string
  readonly allow: string
  readonly maxAge?: number
  readonly credentials?: boolean
  readonly expose?: string
}

// [IN nginx.tmpl, CORS]: one `if` decides, one answers preflights.
function snippet({ test, allow, maxAge = 1728000, credentials = true, expose }: Cors): string {
  const all = [
    `more_set_headers 'Access-Control-Allow-Origin: $http_origin';`,
    credentials ? `more_set_headers 'Access-Control-Allow-Credentials: true';` : '',
    `more_set_headers ${allow};`,
    expose === undefined ? '' : `more_set_headers 'Access-Control-Expose-Headers: ${expose}';`,
    `more_set_headers 'Access-Control-Max-Age: ${String(maxAge)}';`,
  ].join(' ')
  return `${test} if ($request_method = OPTIONS) { set $cors \${cors}options; }
    if ($cors = 'true') { ${all} }
    if ($cors = 'trueoptions') { ${all} more_set_headers 'Content-Type: text/plain charset=UTF-8' 'Content-Length: 0'; return 204; }`
}

const vary = {
  lines: ['+ answer vary: Origin'],
  because:
    'an answer that depends on Origin must say so (RFC 9110 §12.5.5), or a cache gives one origin’s answer to another',
}
const from = (host: string, origin: string, method = 'GET') => ({
  method,
  host,
  target: '/api/x',
  headers: { Origin: origin },
})

export const cors: ParityCase = {
  name: 'CORS',
  source:
    'nginx.tmpl define CORS; template.go buildCorsOriginRegex, buildOriginRegex; annotations/cors/main.go',
  services: { api: ['ok'] },
  modules: ['headers-more'],
  manifests: () => [
    ingress({
      name: 'any',
      annotations: { 'enable-cors': 'true' },
      rules: [{ host: ANY, paths: [{ path: '/api', service: 'api' }] }],
    }),
    ingress({
      name: 'list',
      annotations: {
        'enable-cors': 'true',
        'cors-allow-origin': 'https://one.example, https://*.two.example:8443',
        'cors-allow-methods': 'GET, POST',
        'cors-allow-headers': 'X-One',
        'cors-expose-headers': 'X-Two',
        'cors-allow-credentials': 'false',
        'cors-max-age': '600',
      },
      rules: [{ host: LIST, paths: [{ path: '/api', service: 'api' }] }],
    }),
    ingress({
      name: 'guarded',
      annotations: { 'enable-cors': 'true', 'whitelist-source-range': '10.9.9.9/32' },
      rules: [{ host: GUARDED, paths: [{ path: '/api', service: 'api' }] }],
    }),
  ],
  nginx: (place) => {
    const any = snippet({
      test: `set $cors_origin $http_origin; set $cors 'true'; set $http_origin *;`,
      allow: ALLOW,
    })
    const list = snippet({
      test: `if ($http_origin ~* ((https://one\\.example)|(https://[A-Za-z0-9\\-]+\\.two\\.example:8443))$ ) { set $cors 'true'; }`,
      allow: `'Access-Control-Allow-Methods: GET, POST' 'Access-Control-Allow-Headers: X-One'`,
      maxAge: 600,
      credentials: false,
      expose: 'X-Two',
    })
    return [
      server(place, ANY, prefix('/api', `${any} ${pass('api')}`), NOWHERE),
      server(place, LIST, prefix('/api', `${list} ${pass('api')}`), NOWHERE),
      server(place, GUARDED, prefix('/api', `allow 10.9.9.9/32; deny all; ${any} ${pass('api')}`), NOWHERE),
    ].join('\n')
  },
  checks: [
    ask(from(ANY, 'https://a.example', 'OPTIONS'), '204'),
    ask({ method: 'OPTIONS', host: ANY, target: '/api/x' }, '204'),
    ask(from(ANY, 'https://a.example'), '200 api /api/x'),
    ask({ host: ANY, target: '/api/x' }, '200 api /api/x'),
    ask(
      { ...from(ANY, 'https://a.example'), headers: { Origin: 'https://a.example', 'Answer-Status': '500' } },
      '500 api /api/x',
    ),
    ask(
      {
        ...from(ANY, 'https://a.example'),
        headers: {
          Origin: 'https://a.example',
          'Answer-Headers': 'Access-Control-Allow-Origin: https://own.example|Access-Control-Max-Age: 1',
        },
      },
      '200 api /api/x',
    ),
    ask(from(LIST, 'https://one.example', 'OPTIONS'), '204'),
    ask(from(LIST, 'HTTPS://ONE.example', 'OPTIONS'), '204'),
    ask(from(LIST, 'https://eu.two.example:8443'), '200 api /api/x', vary),
    ask(from(LIST, 'https://a.eu.two.example:8443'), '200 api /api/x'),
    ask(from(LIST, 'https://eu.two.example'), '200 api /api/x'),
    ask(from(LIST, 'http://one.example'), '200 api /api/x'),
    ask(from(LIST, 'https://one.example.evil.example'), '200 api /api/x'),
    ask(from(LIST, 'https://other.example', 'OPTIONS'), '200 api /api/x'),
    ask(from(LIST, 'null', 'OPTIONS'), '200 api /api/x'),
    // The preflight is answered in the rewrite phase: before allow lists.
    ask(from(GUARDED, 'https://a.example', 'OPTIONS'), '204'),
    ask(from(GUARDED, 'https://a.example'), '403'),
  ],
}
