import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { catchAll, NOWHERE, pass, prefix, server } from '../nginx-parts.ts'
import { ask, get, scene } from '../observe.ts'

// nginx goes by the target's host and tells the upstream the other one.
const differentHosts = scene(
  'a target and a Host header that name different hosts',
  '200, exact is told stranger.example',
  async (side) => {
    const { response, seen } = await side.send({
      host: 'stranger.example',
      target: 'http://foo.bar.example/only',
    })
    const told = seen.map(({ service, headers }) => {
      return `, ${service} is told ${headers.find(([name]) => name === 'host')?.[1] ?? 'no host'}`
    })
    return `${String(response.status)}${told.join('')}`
  },
  {
    lines: ['- 200, exact is told stranger.example', '+ 400'],
    because: 'two hosts in one request fool whoever reads the other one, so Postern refuses it',
  },
)

export const hosts: ParityCase = {
  name: 'hosts, wildcards, aliases and no fall-through',
  source: 'template.go buildServerName; controller.go getServers (aliases, the server `_`)',
  services: { exact: ['ok'], wild: ['ok'], any: ['ok'], alias: ['ok'] },
  manifests: () => [
    ingress({
      name: 'exact',
      rules: [{ host: 'foo.bar.example', paths: [{ path: '/only', service: 'exact' }] }],
    }),
    ingress({ name: 'wild', rules: [{ host: '*.bar.example', paths: [{ service: 'wild' }] }] }),
    ingress({ name: 'any', rules: [{ paths: [{ path: '/any', service: 'any' }] }] }),
    ingress({
      name: 'aliased',
      annotations: { 'server-alias': 'other.example,foo.bar.example,second.example' },
      rules: [{ host: 'main.example', paths: [{ path: '/', service: 'alias' }] }],
    }),
  ],
  nginx: (place) =>
    [
      catchAll(place, prefix('/any', pass('any')), NOWHERE),
      server(place, 'foo.bar.example', prefix('/only', pass('exact')), NOWHERE),
      server(place, '~^(?<subdomain>[\\w-]+)\\.bar\\.example$', prefix('/', pass('wild'))),
      server(place, 'main.example other.example second.example', prefix('/', pass('alias'))),
    ].join('\n'),
  checks: [
    get('foo.bar.example', '/only', '200 exact /only'),
    // No fall-through: neither to the wildcard nor to the rule without a host.
    get('foo.bar.example', '/x', '404'),
    get('foo.bar.example', '/any', '404'),
    get('FOO.Bar.Example', '/only', '200 exact /only'),
    get('foo.bar.example:8080', '/only', '200 exact /only'),
    get('foo.bar.example.', '/only', '200 exact /only'),
    get('baz.bar.example', '/x', '200 wild /x'),
    get('BAZ.bar.example', '/x', '200 wild /x'),
    get('under_score.bar.example', '/x', '200 wild /x'),
    get('a.baz.bar.example', '/x', '404'),
    get('bar.example', '/x', '404'),
    get('a.baz.bar.example', '/any', '200 any /any'),
    get('stranger.example', '/any/x', '200 any /any/x'),
    get('stranger.example', '/x', '404'),
    get('127.0.0.1', '/any', '200 any /any'),
    get('[::1]', '/any', '200 any /any'),
    get('stranger.example', '/healthz', '200'),
    get('127.0.0.1', '/healthz', '200'),
    get('stranger.example', '/healthz/ready?x=1', '200'),
    get('stranger.example', '/health', '404'),
    ask({ method: 'POST', host: 'stranger.example', target: '/healthz', body: 'x' }, '200'),
    ask({ tls: true, host: 'stranger.example', target: '/healthz' }, '200', {
      lines: ['+ answer strict-transport-security: max-age=31536000; includeSubDomains'],
      because:
        'Postern sends HSTS with every answer over HTTPS; ingress-nginx does so in locations of Ingresses',
    }),
    get('foo.bar.example', '/healthz', '404'),
    get('main.example', '/x', '200 alias /x'),
    get('other.example', '/x', '200 alias /x'),
    get('second.example', '/x', '200 alias /x'),
    ask({ host: 'bad host', target: '/any' }, '400'),
    ask({ host: '', target: '/any' }, '400'),
    ask({ host: 'foo.bar.example', target: 'http://foo.bar.example/only' }, '200 exact /only'),
    differentHosts,
  ],
}
