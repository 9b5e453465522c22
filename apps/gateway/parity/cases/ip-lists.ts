import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { pass, prefix, server } from '../nginx-parts.ts'
import { ask, get } from '../observe.ts'

const LISTS: readonly (readonly [
  host: string,
  annotations: Readonly<Record<string, string>>,
  nginx: string,
])[] = [
  [
    'allowed',
    { 'whitelist-source-range': '10.0.0.0/8,127.0.0.0/8' },
    'allow 10.0.0.0/8; allow 127.0.0.0/8; deny all;',
  ],
  ['not-allowed', { 'allowlist-source-range': '10.0.0.0/8' }, 'allow 10.0.0.0/8; deny all;'],
  ['denied', { 'denylist-source-range': '127.0.0.1/32' }, 'deny 127.0.0.1/32;'],
  ['not-denied', { 'denylist-source-range': '10.0.0.0/8' }, 'deny 10.0.0.0/8;'],
  [
    'both',
    { 'denylist-source-range': '127.0.0.1', 'whitelist-source-range': '127.0.0.0/8' },
    'deny 127.0.0.1; allow 127.0.0.0/8; deny all;',
  ],
  ['six', { 'whitelist-source-range': '::1/128, 127.0.0.1' }, 'allow ::1/128; allow 127.0.0.1; deny all;'],
  ['broken', { 'whitelist-source-range': '10.0.0.0/99' }, 'return 503;'],
]

export const ipLists: ParityCase = {
  name: 'allow and deny lists',
  source: 'annotations/ipallowlist/main.go, ipdenylist/main.go; nginx.tmpl: deny lines before allow lines',
  services: { app: ['ok'] },
  manifests: () =>
    LISTS.map(([name, annotations]) =>
      ingress({ name, annotations, rules: [{ host: `${name}.ip.example`, paths: [{ service: 'app' }] }] }),
    ),
  nginx: (place) =>
    LISTS.map(([name, , lines]) =>
      server(place, `${name}.ip.example`, prefix('/', `${lines} ${pass('app')}`)),
    ).join('\n'),
  checks: [
    get('allowed.ip.example', '/x', '200 app /x'),
    get('not-allowed.ip.example', '/x', '403'),
    // Nobody is believed who has not been named as a proxy.
    ask({ host: 'not-allowed.ip.example', target: '/x', headers: { 'X-Forwarded-For': '10.1.1.1' } }, '403'),
    ask({ host: 'not-allowed.ip.example', target: '/x', headers: { 'X-Real-IP': '10.1.1.1' } }, '403'),
    get('denied.ip.example', '/x', '403'),
    get('not-denied.ip.example', '/x', '200 app /x'),
    get('both.ip.example', '/x', '403'),
    get('six.ip.example', '/x', '200 app /x'),
    get('broken.ip.example', '/x', '503'),
    ask({ method: 'OPTIONS', host: 'denied.ip.example', target: '/x' }, '403'),
  ],
}
