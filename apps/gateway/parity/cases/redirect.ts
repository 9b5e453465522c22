import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { pass, prefix, server } from '../nginx-parts.ts'
import { ask, get } from '../observe.ts'

const rule = (host: string) => [{ host, paths: [{ path: '/', service: 'old' }] }]

export const redirect: ParityCase = {
  name: 'permanent and temporal redirects',
  source: 'internal/ingress/annotations/redirect/redirect.go; nginx.tmpl: `return` inside the location',
  services: { old: ['ok'] },
  manifests: () => [
    ingress({
      name: 'permanent',
      annotations: { 'permanent-redirect': 'https://new.example/home' },
      rules: rule('permanent.example'),
    }),
    ingress({
      name: 'permanent-code',
      annotations: { 'permanent-redirect': 'https://new.example/home', 'permanent-redirect-code': '308' },
      rules: rule('permanent-code.example'),
    }),
    ingress({
      name: 'temporal',
      annotations: { 'temporal-redirect': 'https://new.example/soon?x=1' },
      rules: rule('temporal.example'),
    }),
    ingress({
      name: 'temporal-code',
      annotations: { 'temporal-redirect': 'https://new.example/soon', 'temporal-redirect-code': '307' },
      rules: rule('temporal-code.example'),
    }),
    ingress({
      name: 'both',
      annotations: {
        'temporal-redirect': 'https://new.example/soon',
        'permanent-redirect': 'https://new.example/home',
      },
      rules: rule('both.example'),
    }),
    ingress({
      name: 'with-variable',
      annotations: { 'permanent-redirect': 'https://new.example$request_uri' },
      rules: rule('variable.example'),
    }),
    ingress({
      name: 'limited',
      annotations: { 'permanent-redirect': 'https://new.example/', 'whitelist-source-range': '10.9.9.9/32' },
      rules: rule('limited.example'),
    }),
  ],
  nginx: (place) =>
    [
      ['permanent.example', 'return 301 https://new.example/home;'],
      ['permanent-code.example', 'return 308 https://new.example/home;'],
      ['temporal.example', 'return 302 https://new.example/soon?x=1;'],
      ['temporal-code.example', 'return 307 https://new.example/soon;'],
      ['both.example', 'return 302 https://new.example/soon;'],
      ['variable.example', 'return 301 https://new.example$request_uri;'],
      ['limited.example', 'allow 10.9.9.9/32; deny all; return 301 https://new.example/;'],
    ]
      .map(([name, code]) => server(place, name ?? '', prefix('/', `${code ?? ''} ${pass('old')}`)))
      .join('\n'),
  checks: [
    get('permanent.example', '/', '301 https://new.example/home'),
    get('permanent.example', '/deep/path?q=1', '301 https://new.example/home'),
    ask(
      { method: 'POST', host: 'permanent.example', target: '/', body: 'x' },
      '301 https://new.example/home',
    ),
    get('permanent-code.example', '/', '308 https://new.example/home'),
    get('temporal.example', '/x', '302 https://new.example/soon?x=1'),
    get('temporal-code.example', '/x', '307 https://new.example/soon'),
    get('both.example', '/x', '302 https://new.example/soon'),
    get('variable.example', '/x?y=1', '301 https://new.example/x?y=1'),
    get('variable.example', '/a%20b/', '301 https://new.example/a%20b/'),
    // `return` is of the rewrite phase: it comes before the allow list.
    get('limited.example', '/x', '301 https://new.example/'),
  ],
}
