import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { catchAll, pass, prefix, server } from '../nginx-parts.ts'
import { ask, get } from '../observe.ts'

export const catchAllBackend: ParityCase = {
  name: 'spec.defaultBackend and the global default backend',
  source:
    'controller.go createServers (the server `_`, default locations), getDefaultUpstream, --default-backend-service',
  services: { rest: ['ok'], global: ['ok'], app: ['ok'] },
  flags: ['--default-backend-service', 'default/global'],
  manifests: () => [
    ingress({
      name: 'rest',
      annotations: { 'permanent-redirect': 'https://never.example/', 'rewrite-target': '/never' },
      defaultService: 'rest',
    }),
    ingress({ name: 'app', rules: [{ host: 'app.example', paths: [{ path: '/app', service: 'app' }] }] }),
    ingress({
      name: 'guarded',
      annotations: { 'whitelist-source-range': '10.9.9.9/32' },
      rules: [{ host: 'guarded.example', paths: [{ path: '/app', service: 'app' }] }],
    }),
  ],
  nginx: (place) =>
    [
      catchAll(place, prefix('/', pass('rest'))),
      server(place, 'app.example', prefix('/app', pass('app')), prefix('/', pass('global'))),
      server(
        place,
        'guarded.example',
        prefix('/app', `allow 10.9.9.9/32; deny all; ${pass('app')}`),
        prefix('/', `allow 10.9.9.9/32; deny all; ${pass('global')}`),
      ),
    ].join('\n'),
  checks: [
    get('nobody.example', '/x', '200 rest /x'),
    get('nobody.example', '/', '200 rest /'),
    ask({ method: 'POST', host: 'nobody.example', target: '/x?y=1', body: 'b' }, '200 rest /x?y=1'),
    get('app.example', '/app/x', '200 app /app/x'),
    // The default backend of the host is the global one, not that of another Ingress.
    get('app.example', '/x', '200 global /x'),
    get('app.example', '/application', '200 global /application'),
    get('127.0.0.1', '/x', '200 rest /x'),
    // Probes of the nodes come before what answers the rest.
    get('nobody.example', '/healthz', '200'),
    get('app.example', '/healthz', '200 global /healthz'),
    // What the Ingress says holds for the default location of its host too.
    get('guarded.example', '/x', '403'),
    get('guarded.example', '/app', '403'),
  ],
}
