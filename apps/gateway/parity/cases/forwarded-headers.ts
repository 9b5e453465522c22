import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { DEFAULTS, headers, pass, prefix, server } from '../nginx-parts.ts'
import { ask, get } from '../observe.ts'

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
    ask(sent({ 'Answer-Headers': 'X-Accel-Expires: 5|X-Accel-Buffering: no' }), '200 app /x', {
      lines: ['+ answer x-accel-buffering: no', '+ answer x-accel-expires: 5'],
      because:
        'X-Accel-* are nginx’s own controls, which nginx acts upon and hides; to Postern they are headers like others',
    }),
    get(VHOST, '/x', '200 app /x'),
  ],
}
