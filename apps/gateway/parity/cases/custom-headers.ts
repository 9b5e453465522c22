import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { pass, prefix, server } from '../nginx-parts.ts'
import { ask, get } from '../observe.ts'

const HOST = 'custom.headers.example'
const BAD = 'bad.headers.example'

const configMap = (namespace: string, name: string, data: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data,
})

export const customHeaders: ParityCase = {
  name: 'custom-headers',
  source:
    'annotations/customheaders/main.go; nginx.tmpl: more_set_headers in the location; ConfigMap global-allowed-response-headers',
  services: { app: ['ok'] },
  modules: ['headers-more'],
  flags: ['--configmap', 'ingress-nginx/controller'],
  manifests: () => [
    configMap('ingress-nginx', 'controller', { 'global-allowed-response-headers': 'X-Team,X-Frame-Options' }),
    configMap('default', 'team', { 'X-Team': 'blue of $host$uri', 'X-Frame-Options': 'DENY' }),
    configMap('default', 'bad', { 'X-Secret': '1' }),
    ingress({
      name: 'custom',
      annotations: { 'custom-headers': 'default/team' },
      rules: [{ host: HOST, paths: [{ path: '/x', service: 'app' }] }],
    }),
    ingress({
      name: 'bad',
      annotations: { 'custom-headers': 'default/bad' },
      rules: [{ host: BAD, paths: [{ service: 'app' }] }],
    }),
  ],
  nginx: (place) =>
    [
      server(
        place,
        HOST,
        prefix(
          '/x',
          `more_set_headers "X-Frame-Options: DENY"; more_set_headers "X-Team: blue of $host$uri"; ${pass('app')}`,
        ),
      ),
      server(place, BAD, 'location / { return 503; }'),
    ].join('\n'),
  checks: [
    get(HOST, '/x', '200 app /x'),
    ask(
      { host: HOST, target: '/x', headers: { 'Answer-Headers': 'X-Team: red|X-Frame-Options: SAMEORIGIN' } },
      '200 app /x',
    ),
    ask({ host: HOST, target: '/x', headers: { 'Answer-Status': '404' } }, '404 app /x'),
    ask({ host: HOST, target: '/x', headers: { 'Answer-Status': '500' } }, '500 app /x'),
    ask({ method: 'HEAD', host: HOST, target: '/x' }, '200 app /x'),
    get(HOST, '/x/a%20b?c=d', '200 app /x/a%20b?c=d'),
    get(BAD, '/x', '503'),
  ],
}
