import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { DEFAULTS, headers, pass, prefix, server } from '../nginx-parts.ts'
import { ask, get, scene } from '../observe.ts'

const HOST = 'headers.example'
const VHOST = 'vhost.example'

const sent = (headersToo: Readonly<Record<string, string>>) => ({
  host: HOST,
  target: '/x',
  headers: headersToo,
})

export const forwardedHeaders: ParityCase = {
  name: 'headers to the upstream and back',
  source:
    'nginx.tmpl: proxy_set_header lines of a location; config.go defaults (use-forwarded-headers off, underscores dropped)',
  services: { app: ['ok'] },
  manifests: () => [
    ingress({ name: 'headers', rules: [{ host: HOST, paths: [{ service: 'app' }] }] }),
    ingress({
      name: 'vhost',
      annotations: { 'upstream-vhost': 'inside.svc.cluster.local' },
      rules: [{ host: VHOST, paths: [{ service: 'app' }] }],
    }),
  ],
  nginx: (place) =>
    [
      server(place, HOST, prefix('/', pass('app'))),
      server(
        place,
        VHOST,
        prefix('/', `${headers('inside.svc.cluster.local')} ${DEFAULTS} proxy_pass http://app;`),
      ),
    ].join('\n'),
  checks: [
    get(HOST, '/x', '200 app /x'),
    get(`${HOST}:8080`, '/x', '200 app /x'),
    get('HEADERS.example', '/x', '200 app /x'),
    get(`${HOST}.`, '/x', '200 app /x'),
    ask(sent({ 'X-Request-ID': 'mine-1' }), '200 app /x'),
    ask(
      sent({
        'X-Forwarded-For': '6.6.6.6, 7.7.7.7',
        'X-Forwarded-Host': 'evil.example',
        'X-Forwarded-Proto': 'https',
        'X-Forwarded-Port': '1',
        'X-Forwarded-Scheme': 'https',
        'X-Scheme': 'https',
        'X-Real-IP': '6.6.6.6',
      }),
      '200 app /x',
    ),
    ask(sent({ 'X-Original-Forwarded-For': '6.6.6.6', 'X-Original-Forwarded-Host': 'evil' }), '200 app /x'),
    ask(sent({ Proxy: 'http://evil/' }), '200 app /x'),
    ask(sent({ X_Under_Score: '1', 'X-Dash': '2' }), '200 app /x'),
    ask(
      sent({ Authorization: 'Basic abc', Cookie: 'a=1; b=2', Accept: '*/*', 'Accept-Encoding': 'gzip' }),
      '200 app /x',
    ),
    ask(sent({ 'X-Empty': '', 'X-Long': 'v'.repeat(3000), 'X-Inner': 'a  b, c' }), '200 app /x'),
    ask(sent({ Connection: 'close' }), '200 app /x'),
    ask(sent({ Forwarded: 'for=6.6.6.6;proto=https', Via: '1.1 somebody' }), '200 app /x'),
    ask(sent({ Range: 'bytes=0-1', 'If-None-Match': '"a"' }), '200 app /x'),
    ask({ method: 'PUT', ...sent({ 'Content-Type': 'text/plain' }), body: 'hello' }, '200 app /x'),
    ask({ method: 'DELETE', ...sent({}) }, '200 app /x'),
    ask({ method: 'PATCH', ...sent({}), body: '{}' }, '200 app /x'),
    ask({ method: 'PURGE', ...sent({}) }, '200 app /x'),
    ask({ method: 'HEAD', ...sent({}) }, '200 app /x'),
    ask({ method: 'POST', ...sent({ Expect: '100-continue' }), body: 'later' }, '200 app /x'),
    ask(
      sent({
        'Answer-Headers': 'X-A: 1|X-A: 2|Set-Cookie: a=1|Set-Cookie: b=2; Path=/|Cache-Control: no-store',
      }),
      '200 app /x',
    ),
    ask(
      sent({ 'Answer-Headers': 'Location: http://app:8080/next|X-Powered-By: node', 'Answer-Status': '302' }),
      '302 http://app:8080/next app /x',
    ),
    ask(sent({ 'Answer-Headers': 'Server: secret|X-Frame-Options: DENY' }), '200 app /x'),
    ask(sent({ 'Answer-Status': '204' }), '204 app /x'),
    ask(sent({ 'Answer-Status': '304' }), '304 app /x'),
    ask(sent({ 'Answer-Status': '418' }), '418 app /x'),
    // nginx acts upon X-Accel-* and hides them; Postern hides them.
    ask(
      sent({
        'Answer-Headers':
          'X-Accel-Expires: 5|X-Accel-Buffering: no|X-Accel-Charset: utf-8|X-Accel-Limit-Rate: 100000|X-Accel: yes',
      }),
      '200 app /x',
    ),
    // Here nginx goes round in circles: the upstream redirects every location of its own to another.
    scene(
      'X-Accel-Redirect is not told to clients',
      '500 without it',
      async (side) => {
        const { response } = await side.send(sent({ 'Answer-Headers': 'X-Accel-Redirect: /y' }))
        const told = response.values('x-accel-redirect').length > 0
        return `${String(response.status)} ${told ? 'with' : 'without'} it`
      },
      {
        lines: ['- 500 without it', '+ 200 without it'],
        because: 'nginx serves another of its own locations then; Postern passes the answer on',
      },
    ),
    get(VHOST, '/x', '200 app /x'),
  ],
}
