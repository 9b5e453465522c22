import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { DEFAULTS, headers, prefix, server } from '../nginx-parts.ts'
import { ask } from '../observe.ts'

const name = (short: string): string => `${short}.response.example`
const rule = (short: string) => [{ host: name(short), paths: [{ service: 'app' }] }]
const answering = (short: string, lines: string, status = '200') => ({
  host: name(short),
  target: '/x',
  headers: { 'Answer-Headers': lines, 'Answer-Status': status },
})
const inside = (from: string, to: string): string =>
  `${headers()} ${DEFAULTS.replace(from, to)} proxy_pass http://app;`

const notYet = (nginx: string, postern: string) => ({
  lines: [`- ${nginx}`, `+ ${postern}`],
  because:
    'proxy-cookie-domain, proxy-cookie-path and proxy-redirect-* are not there yet, and a finding says so',
})

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
      server(place, name('none'), prefix('/', inside('', ''))),
    ].join('\n'),
  checks: [
    ask(
      answering('domain', 'Set-Cookie: a=1; Domain=inner.example; Path=/'),
      '200 app /x',
      notYet(
        'answer set-cookie: a=1; Domain=outer.example; Path=/',
        'answer set-cookie: a=1; Domain=inner.example; Path=/',
      ),
    ),
    ask(
      answering('domain', 'Set-Cookie: a=1; domain=.inner.example'),
      '200 app /x',
      notYet(
        'answer set-cookie: a=1; domain=.outer.example',
        'answer set-cookie: a=1; domain=.inner.example',
      ),
    ),
    ask(answering('domain', 'Set-Cookie: a=1; Domain=other.example|Set-Cookie: b=2'), '200 app /x'),
    ask(
      answering('path', 'Set-Cookie: a=1; Path=/app/; HttpOnly'),
      '200 app /x',
      notYet('answer set-cookie: a=1; Path=/; HttpOnly', 'answer set-cookie: a=1; Path=/app/; HttpOnly'),
    ),
    ask(
      answering('path', 'Set-Cookie: a=1; Path=/app/deep; Secure'),
      '200 app /x',
      notYet('answer set-cookie: a=1; Path=/deep; Secure', 'answer set-cookie: a=1; Path=/app/deep; Secure'),
    ),
    ask(answering('path', 'Set-Cookie: a=1; Path=/other'), '200 app /x'),
    ask(
      answering('redirect', 'Location: http://inner.example/a?b=c', '302'),
      '302 https://outer.example/a?b=c app /x',
      notYet('302 https://outer.example/a?b=c app /x', '302 http://inner.example/a?b=c app /x'),
    ),
    ask(
      answering('redirect', 'Location: http://other.example/a', '301'),
      '301 http://other.example/a app /x',
    ),
    ask(answering('redirect', 'Location: /relative', '307'), '307 /relative app /x'),
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
