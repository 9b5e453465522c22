import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { NOWHERE, pass, prefix, server } from '../nginx-parts.ts'
import { ask, get } from '../observe.ts'

const HOST = 'errors.example'
const EMPTY = 'empty.example'
const RULES = 'rules.example'

// [IN nginx.tmpl, CUSTOM_ERRORS]: a named location per backend and code.
const page = (
  code: number,
): string => `location @custom_pages_${String(code)} { internal; proxy_intercept_errors off;
  proxy_set_header X-Code ${String(code)}; proxy_set_header X-Format $http_accept; proxy_set_header X-Original-URI $request_uri;
  proxy_set_header X-Namespace default; proxy_set_header X-Ingress-Name errors; proxy_set_header X-Service-Name app;
  proxy_set_header X-Service-Port 80; proxy_set_header X-Request-ID $req_id; proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header Host $http_host; rewrite (.*) / break; proxy_pass http://pages; }`

const STAND_IN = `proxy_set_header X-Code 503; proxy_set_header X-Format $http_accept; proxy_set_header X-Namespace default;
  proxy_set_header X-Ingress-Name empty; proxy_set_header X-Service-Name gone; proxy_set_header X-Service-Port 80;`

const asked = (headers: Readonly<Record<string, string>>) => ({ host: HOST, target: '/x?y=1', headers })

const told = (target: string) => ({
  lines: [`+ pages x-original-uri: ${target}`],
  because: 'a default backend that stands in is told the same headers as one that shows an error page',
})

export const errorPages: ParityCase = {
  name: 'default-backend and custom-http-errors',
  source:
    'nginx.tmpl CUSTOM_ERRORS and custom-default-backend-; controller.go: DefaultBackendUpstreamName, defaultBackend of a spec',
  services: { app: ['ok'], pages: ['ok'], gone: [], rest: ['ok'] },
  manifests: () => [
    ingress({
      name: 'errors',
      annotations: { 'custom-http-errors': '404,503', 'default-backend': 'pages' },
      rules: [{ host: HOST, paths: [{ path: '/x', service: 'app' }] }],
    }),
    ingress({
      name: 'empty',
      annotations: { 'default-backend': 'pages' },
      rules: [{ host: EMPTY, paths: [{ path: '/x', service: 'gone' }] }],
    }),
    ingress({
      name: 'rules',
      defaultService: 'rest',
      rules: [{ host: RULES, paths: [{ path: '/x', service: 'app' }] }],
    }),
  ],
  nginx: (place) =>
    [
      server(
        place,
        HOST,
        page(404),
        page(503),
        prefix(
          '/x',
          `proxy_intercept_errors on; error_page 404 = @custom_pages_404; error_page 503 = @custom_pages_503; ${pass('app')}`,
        ),
        NOWHERE,
      ),
      server(place, EMPTY, prefix('/x', `${STAND_IN} ${pass('pages')}`), NOWHERE),
      server(place, RULES, prefix('/x', pass('app')), prefix('/', pass('rest'))),
    ].join('\n'),
  checks: [
    ask(asked({}), '200 app /x?y=1'),
    ask(asked({ 'Answer-Status': '500' }), '500 app /x?y=1'),
    ask(asked({ 'Answer-Status': '404', Accept: 'application/json' }), '404 app /x?y=1 pages /?y=1'),
    ask(asked({ 'Answer-Status': '503', Accept: 'text/html' }), '503 app /x?y=1 pages /?y=1'),
    ask(
      asked({ 'Answer-Status': '404', 'X-Code': '1', 'X-Namespace': 'evil' }),
      '404 app /x?y=1 pages /?y=1',
    ),
    ask({ ...asked({ 'Answer-Status': '404' }), method: 'HEAD' }, '404 app /x?y=1 pages /?y=1'),
    ask({ ...asked({ 'Answer-Status': '404' }), method: 'POST', body: 'a=1' }, '404 app /x?y=1 pages /?y=1', {
      lines: ['- pages body a=1', '- pages method POST', '+ pages method GET'],
      because:
        'an error page is fetched, not posted to: nginx keeps method and body in its named location, while Postern has sent the body on and kept none of it',
    }),
    get(EMPTY, '/x/deep?y=1', '200 pages /x/deep?y=1', told('/x/deep?y=1')),
    ask(
      { host: EMPTY, target: '/x', headers: { Accept: 'text/html', 'X-Code': '1' } },
      '200 pages /x',
      told('/x'),
    ),
    get(EMPTY, '/other', '404'),
    get(RULES, '/x', '200 app /x'),
    get(RULES, '/other?z', '200 rest /other?z'),
  ],
}
