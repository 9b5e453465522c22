import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { NOWHERE, pass, prefix, server } from '../nginx-parts.ts'
import { ask, get } from '../observe.ts'

const HOST = 'root.example'

export const appRoot: ParityCase = {
  name: 'app-root',
  source: 'nginx.tmpl SERVER: `if ($uri = /)` of the server, before any location',
  services: { app: ['ok'] },
  manifests: () => [
    ingress({
      name: 'root',
      annotations: { 'app-root': '/app/start' },
      rules: [{ host: HOST, paths: [{ path: '/app', service: 'app' }] }],
    }),
  ],
  nginx: (place) =>
    server(
      place,
      HOST,
      'if ($uri = /) { return 302 $scheme://$http_host/app/start; }',
      prefix('/app', pass('app')),
      NOWHERE,
    ),
  checks: [
    get(HOST, '/', '302 http://root.example/app/start'),
    get(HOST, '/?a=1', '302 http://root.example/app/start'),
    get(HOST, '//', '302 http://root.example/app/start'),
    get(HOST, '/./', '302 http://root.example/app/start'),
    get(`${HOST}:8080`, '/', '302 http://root.example:8080/app/start'),
    ask({ method: 'POST', host: HOST, target: '/', body: 'x' }, '302 http://root.example/app/start'),
    ask({ host: HOST, target: '/', tls: true }, '302 https://root.example/app/start', {
      lines: ['+ answer strict-transport-security: max-age=31536000; includeSubDomains'],
      because:
        'ingress-nginx adds HSTS in locations only, and this answer is the server’s; Postern adds it to every answer over HTTPS',
    }),
    get(HOST, '/app/start', '200 app /app/start'),
    get(HOST, '/other', '404'),
  ],
}
