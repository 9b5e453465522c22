import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { DEFAULTS, headers, pass, regex, server } from '../nginx-parts.ts'
import { get } from '../observe.ts'

const HOST = 'rewrite.example'
const LITERAL = 'literal.example'
const AWAY = 'away.example'

const rewritten = (path: string, target: string, service: string, more = ''): string =>
  `${headers()} ${DEFAULTS} rewrite "(?i)${path}" ${target} break; ${more} proxy_pass http://${service};`

export const rewrite: ParityCase = {
  name: 'rewrite-target',
  source: 'template.go buildProxyPass, needsRewrite, enforceRegexModifier',
  services: { api: ['ok'], web: ['ok'], lit: ['ok'], away: ['ok'] },
  manifests: () => [
    ingress({
      name: 'api',
      annotations: { 'rewrite-target': '/$2', 'x-forwarded-prefix': '/api' },
      rules: [
        {
          host: HOST,
          paths: [{ path: '/api(/|$)(.*)', pathType: 'ImplementationSpecific', service: 'api' }],
        },
      ],
    }),
    // x-forwarded-prefix without a rewrite is not emitted.
    ingress({
      name: 'web',
      annotations: { 'x-forwarded-prefix': '/nothing' },
      rules: [{ host: HOST, paths: [{ path: '/web', pathType: 'Prefix', service: 'web' }] }],
    }),
    ingress({
      name: 'literal',
      annotations: { 'rewrite-target': '/' },
      rules: [{ host: LITERAL, paths: [{ path: '/lit', pathType: 'Prefix', service: 'lit' }] }],
    }),
    ingress({
      name: 'away',
      annotations: { 'rewrite-target': 'https://elsewhere.example/new/$1' },
      rules: [
        {
          host: AWAY,
          paths: [{ path: '/old/(.*)', pathType: 'ImplementationSpecific', service: 'away' }],
        },
      ],
    }),
  ],
  nginx: (place) =>
    [
      server(
        place,
        HOST,
        regex(
          '/api(/|$)(.*)',
          rewritten('/api(/|$)(.*)', '/$2', 'api', 'proxy_set_header X-Forwarded-Prefix "/api";'),
        ),
        regex('/web/', pass('web')),
        regex('/web', pass('web')),
        regex('/', pass('nowhere')),
      ),
      server(
        place,
        LITERAL,
        regex('/lit', rewritten('/lit', '/', 'lit')),
        regex('/', rewritten('/', '/', 'nowhere')),
      ),
      server(
        place,
        AWAY,
        regex('/old/(.*)', rewritten('/old/(.*)', 'https://elsewhere.example/new/$1', 'away')),
        regex('/', pass('nowhere')),
      ),
    ].join('\n'),
  checks: [
    get(HOST, '/api/tasks/1?a=b', '200 api /tasks/1?a=b'),
    get(HOST, '/api', '200 api /'),
    get(HOST, '/api/', '200 api /'),
    get(HOST, '/API/Tasks', '200 api /Tasks'),
    get(HOST, '/api//x//y', '200 api /x/y'),
    get(HOST, '/api/a%20b', '200 api /a%20b'),
    get(HOST, '/api/a%2Fb', '200 api /a/b'),
    get(HOST, '/api/caf%C3%A9', '200 api /caf%C3%A9'),
    get(HOST, '/api/a%3Fb?c', '200 api /a%3Fb?c'),
    get(HOST, '/api/a%2Bb+c', '200 api /a+b+c'),
    get(HOST, '/api/a%25b', '200 api /a%25b'),
    get(HOST, '/api/x;y=1', '200 api /x;y=1'),
    get(HOST, '/api/%22q%22%3Cz%3E', '200 api /%22q%22%3Cz%3E'),
    get(HOST, "/api/(a)'b'!*~", "200 api /(a)'b'!*~"),
    get(HOST, '/api/a:b@c&d=e', '200 api /a:b@c&d=e'),
    get(HOST, '/apis', '404'),
    get(HOST, '/web/x', '200 web /web/x'),
    get(LITERAL, '/lit/deep/path?x=1', '200 lit /?x=1'),
    get(LITERAL, '/lit', '200 lit /'),
    get(LITERAL, '/literally', '200 lit /'),
    get(LITERAL, '/LIT', '200 lit /'),
    get(LITERAL, '/other', '404'),
    get(AWAY, '/old/page', '302 https://elsewhere.example/new/page'),
    get(AWAY, '/old/page?q=1', '302 https://elsewhere.example/new/page?q=1'),
  ],
}
