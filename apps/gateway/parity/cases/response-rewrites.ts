import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { DEFAULTS, headers, prefix, server } from '../nginx-parts.ts'
import { ask, get } from '../observe.ts'

const name = (short: string): string => `${short}.response.example`
const rule = (short: string) => [{ host: name(short), paths: [{ service: 'app' }] }]
const answering = (short: string, lines: string, status = '200') => ({
  host: name(short),
  target: '/x',
  headers: { 'Answer-Headers': lines, 'Answer-Status': status },
})
const inside = (from: string, to: string): string =>
  `${headers()} ${DEFAULTS.replace(from, to)} proxy_pass http://app;`

export const responseRewrites: ParityCase = {
  name: 'cookies and redirects of the upstream',
  source: 'annotations/proxy/main.go; nginx.tmpl proxy_cookie_domain, proxy_cookie_path, proxy_redirect',
  services: { app: ['ok'] },
  manifests: () => [
    ingress({
      name: 'domain',
      annotations: { 'proxy-cookie-domain': 'inner.example outer.example' },
      rules: rule('domain'),
    }),
    ingress({ name: 'path', annotations: { 'proxy-cookie-path': '/app/ /' }, rules: rule('path') }),
    ingress({
      name: 'redirect',
      annotations: {
        'proxy-redirect-from': 'http://inner.example/',
        'proxy-redirect-to': 'https://outer.example/',
      },
      rules: rule('redirect'),
    }),
    ingress({
      name: 'regex',
      annotations: {
        'proxy-cookie-domain': '~^(\\w+)\\.inner\\.example$ $1.outer.example',
        'proxy-cookie-path': '~^/v[0-9]+(/.*)$ $1',
        'proxy-redirect-from': '~^https?://[^/]+(/.*)$',
        'proxy-redirect-to': 'https://$host$1',
      },
      rules: rule('regex'),
    }),
    ingress({
      name: 'path-to-url',
      annotations: {
        'proxy-cookie-path': '/ "/; SameSite=None"',
        'proxy-redirect-from': 'http://inner.example/',
        'proxy-redirect-to': '/app/',
      },
      rules: rule('complete'),
    }),
    ingress({
      name: 'relative',
      annotations: {
        'proxy-redirect-from': 'http://inner.example/',
        'proxy-redirect-to': '/app/',
        'relative-redirects': 'true',
      },
      rules: [{ host: name('relative'), paths: [{ service: 'app' }, { path: '/slash/', service: 'app' }] }],
    }),
    ingress({
      name: 'half',
      annotations: { 'proxy-redirect-from': 'http://inner.example/' },
      rules: rule('half'),
    }),
    ingress({ name: 'none', rules: rule('none') }),
  ],
  nginx: (place) =>
    [
      server(
        place,
        name('domain'),
        prefix('/', inside('proxy_cookie_domain off', 'proxy_cookie_domain inner.example outer.example')),
      ),
      server(place, name('path'), prefix('/', inside('proxy_cookie_path off', 'proxy_cookie_path /app/ /'))),
      server(
        place,
        name('redirect'),
        prefix(
          '/',
          inside('proxy_redirect off', 'proxy_redirect http://inner.example/ https://outer.example/'),
        ),
      ),
      server(
        place,
        name('regex'),
        prefix(
          '/',
          inside(
            'proxy_cookie_domain off; proxy_cookie_path off; proxy_redirect off',
            `proxy_cookie_domain ~^(\\w+)\\.inner\\.example$ $1.outer.example; proxy_cookie_path ~^/v[0-9]+(/.*)$ $1;
             proxy_redirect ~^https?://[^/]+(/.*)$ https://$host$1`,
          ),
        ),
      ),
      server(
        place,
        name('complete'),
        prefix(
          '/',
          inside(
            'proxy_cookie_path off; proxy_redirect off',
            'proxy_cookie_path / "/; SameSite=None"; proxy_redirect http://inner.example/ /app/',
          ),
        ),
      ),
      server(
        place,
        name('relative'),
        'absolute_redirect off;',
        prefix('/', inside('proxy_redirect off', 'proxy_redirect http://inner.example/ /app/')),
        `location /slash/ { ${inside('', '')} }`,
      ),
      // Without proxy-redirect-to nothing is written, and nginx's default names an upstream that nobody sees.
      server(place, name('half'), prefix('/', inside('proxy_redirect off;', ''))),
      server(place, name('none'), prefix('/', inside('', ''))),
    ].join('\n'),
  checks: [
    ask(answering('domain', 'Set-Cookie: a=1; Domain=inner.example; Path=/'), '200 app /x'),
    ask(answering('domain', 'Set-Cookie: a=1; domain=.inner.example'), '200 app /x'),
    ask(answering('domain', 'Set-Cookie: a=1; Domain=other.example|Set-Cookie: b=2'), '200 app /x'),
    ask(answering('path', 'Set-Cookie: a=1; Path=/app/; HttpOnly'), '200 app /x'),
    ask(answering('path', 'Set-Cookie: a=1; Path=/app/deep; Secure'), '200 app /x'),
    ask(answering('path', 'Set-Cookie: a=1; Path=/other'), '200 app /x'),
    ask(
      answering('redirect', 'Location: http://inner.example/a?b=c', '302'),
      '302 https://outer.example/a?b=c app /x',
    ),
    ask(
      answering('redirect', 'Location: http://other.example/a', '301'),
      '301 http://other.example/a app /x',
    ),
    ask(answering('redirect', 'Location: /relative', '307'), '307 /relative app /x'),
    ask(
      answering('domain', 'Set-Cookie: a=1; Domain=INNER.example|Set-Cookie: b=2; Domain=xinner.example'),
      '200 app /x',
    ),
    ask(answering('regex', 'Set-Cookie: a=1; Domain=Shop.inner.example; Path=/v2/x; Secure'), '200 app /x'),
    ask(answering('regex', 'Set-Cookie: a=1; Domain=inner.example; Path=/x'), '200 app /x'),
    ask(
      answering('regex', 'Location: http://inner.example:8080/a?b=c', '302'),
      `302 https://${name('regex')}/a?b=c app /x`,
    ),
    ask(answering('regex', 'Location: /a', '302'), '302 /a app /x'),
    ask(answering('complete', 'Set-Cookie: a=1; Path=/; Secure'), '200 app /x'),
    ask(
      answering('complete', 'Location: http://inner.example/a', '303'),
      `303 http://${name('complete')}/app/a app /x`,
    ),
    ask(answering('complete', 'Refresh: 5; url=http://inner.example/a'), '200 app /x'),
    ask(answering('relative', 'Location: http://inner.example/a', '302'), '302 /app/a app /x'),
    get(name('relative'), '/slash', '301 /slash/'),
    ask(answering('half', 'Location: http://inner.example/a', '302'), '302 http://inner.example/a app /x'),
    ask(
      answering(
        'none',
        'Location: http://inner.example/|Set-Cookie: a=1; Domain=inner.example; Path=/app/',
        '302',
      ),
      '302 http://inner.example/ app /x',
    ),
  ],
}
