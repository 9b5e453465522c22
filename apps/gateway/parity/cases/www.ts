import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { pass, prefix, server } from '../nginx-parts.ts'
import { ask, get } from '../observe.ts'

// set_by_lua_block of the redirecting server.
const away = (to: string): string => `set_by_lua_block $redirect_to {
  local target = ngx.var.request_uri
  if target:sub(-1) == "/" then target = target:sub(1, -2) end
  return ngx.var.scheme .. "://${to}" .. target
}
return 308 $redirect_to;`

export const www: ParityCase = {
  name: 'from-to-www-redirect',
  source:
    'nginx.tmpl RedirectServers; controller.go getServers: the other name must not be a server of its own',
  services: { shop: ['ok'], other: ['ok'] },
  modules: ['lua'],
  manifests: () => [
    ingress({
      name: 'apex',
      annotations: { 'from-to-www-redirect': 'true' },
      rules: [{ host: 'apex.example', paths: [{ service: 'shop' }] }],
    }),
    ingress({
      name: 'www',
      annotations: { 'from-to-www-redirect': 'true' },
      rules: [{ host: 'www.named.example', paths: [{ service: 'shop' }] }],
    }),
    ingress({
      name: 'taken',
      annotations: { 'from-to-www-redirect': 'true' },
      rules: [{ host: 'taken.example', paths: [{ service: 'shop' }] }],
    }),
    ingress({
      name: 'taken-www',
      rules: [{ host: 'www.taken.example', paths: [{ service: 'other' }] }],
    }),
  ],
  nginx: (place) =>
    [
      server(place, 'www.apex.example', away('apex.example')),
      server(place, 'apex.example', prefix('/', pass('shop'))),
      server(place, 'named.example', away('www.named.example')),
      server(place, 'www.named.example', prefix('/', pass('shop'))),
      server(place, 'taken.example', prefix('/', pass('shop'))),
      server(place, 'www.taken.example', prefix('/', pass('other'))),
    ].join('\n'),
  checks: [
    get('www.apex.example', '/a?b=c', '308 http://apex.example/a?b=c'),
    get('www.apex.example', '/', '308 http://apex.example'),
    get('www.apex.example', '/folder/', '308 http://apex.example/folder'),
    ask({ method: 'PUT', host: 'www.apex.example', target: '/x', body: 'y' }, '308 http://apex.example/x'),
    get('apex.example', '/x', '200 shop /x'),
    get('named.example', '/x', '308 http://www.named.example/x'),
    get('www.named.example', '/x', '200 shop /x'),
    get('taken.example', '/x', '200 shop /x'),
    get('www.taken.example', '/x', '200 other /x'),
    get('www.apex.example:8080', '/x', '308 http://apex.example/x', {
      lines: ['- 308 http://apex.example/x', '+ 308 http://apex.example:8080/x'],
      because:
        'ingress-nginx writes its own HTTPS port, whatever the scheme, and none when that is 443; Postern keeps the port that the client used',
    }),
  ],
}
