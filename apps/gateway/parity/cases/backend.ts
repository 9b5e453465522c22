import { ingress, type ManifestObject } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { DEFAULTS, headers, pass, prefix, server } from '../nginx-parts.ts'
import { ask, get, scene } from '../observe.ts'
import type { Place } from '../room/place.ts'
import type { Side } from '../room/side.ts'

const rule = (host: string, service: string, port: number | string = 80) => [
  { host: `${host}.backend.example`, paths: [{ service, port }] },
]

/** A Service whose ClusterIP is one of our upstreams; its endpoints are nobody. */
function clusterIp(name: string, port: number): ManifestObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default' },
    spec: { clusterIP: '127.0.0.1', ports: [{ name: 'http', port, targetPort: 'web' }] },
  }
}

async function spread(side: Side, host: string): Promise<string> {
  const met = new Set<number>()
  for (let i = 0; i < 40; i++) {
    const { seen } = await side.send({ host: `${host}.backend.example`, target: '/' })
    met.add(seen[0]?.endpoint ?? -1)
  }
  return `${String(met.size)} endpoints`
}

/** Of two endpoints, whether the second, which is faster, had at least three quarters. */
async function faster(side: Side, host: string): Promise<string> {
  let fast = 0
  for (let i = 0; i < 60; i++) {
    const { seen } = await side.send({ host: `${host}.backend.example`, target: '/' })
    if (i >= 20 && seen[0]?.endpoint === 1) fast += 1
  }
  return fast >= 30 ? 'mostly the faster one' : `the faster one ${String(fast)} of 40`
}

// ewma.lua: the better of two by a moving average of response times, which forgets within ten seconds.
function ewma(place: Place): string {
  const ports = [0, 1].map((index) => place.port('uneven', index)).join(', ')
  return `init_worker_by_lua_block {
    scores, seen_at = {}, {}
    function ewma_observe()
      local peer, rtt = ngx.var.upstream_addr, tonumber(ngx.var.upstream_response_time) or 0
      local weight = math.exp(-(ngx.now() - (seen_at[peer] or 0)) / 10)
      scores[peer] = (scores[peer] or 0) * weight + rtt * (1 - weight)
      seen_at[peer] = ngx.now()
    end
  }
  upstream ewma { server 0.0.0.1; balancer_by_lua_block {
    local best
    for _, port in ipairs({ ${ports} }) do
      local peer = "127.0.0.1:" .. port
      if not best or (scores[peer] or 0) < (scores[best] or 0) then best = peer end
    end
    require("ngx.balancer").set_current_peer(best)
  } }
  `
}

export const backend: ParityCase = {
  name: 'backend-protocol, service-upstream and load-balance',
  source:
    'template.go buildProxyPass; annotations/backendprotocol, serviceupstream, loadbalancing; lua/balancer/ewma.lua',
  services: {
    plain: ['ok'],
    secret: ['tls'],
    many: ['ok', 'ok', 'ok'],
    behind: ['ok'],
    uneven: ['slow', 'ok'],
  },
  modules: ['lua'],
  manifests: (place) => [
    clusterIp('virtual', place.port('behind')),
    ingress({ name: 'http', annotations: { 'backend-protocol': 'HTTP' }, rules: rule('http', 'plain') }),
    ingress({ name: 'https', annotations: { 'backend-protocol': 'HTTPS' }, rules: rule('https', 'secret') }),
    ingress({ name: 'lower', annotations: { 'backend-protocol': 'https' }, rules: rule('lower', 'secret') }),
    ingress({ name: 'auto', annotations: { 'backend-protocol': 'AUTO_HTTP' }, rules: rule('auto', 'plain') }),
    ingress({
      name: 'auto-tls',
      annotations: { 'backend-protocol': 'AUTO_HTTP' },
      rules: rule('auto-tls', 'secret'),
    }),
    ingress({
      name: 'unknown',
      annotations: { 'backend-protocol': 'SPDY' },
      rules: rule('unknown', 'plain'),
    }),
    ingress({ name: 'wrong', annotations: { 'backend-protocol': 'HTTPS' }, rules: rule('wrong', 'plain') }),
    ingress({
      name: 'verified',
      annotations: { 'backend-protocol': 'HTTPS', 'proxy-ssl-verify': 'off' },
      rules: rule('verified', 'secret'),
    }),
    ingress({
      name: 'virtual',
      annotations: { 'service-upstream': 'true' },
      rules: rule('virtual', 'virtual', place.port('behind')),
    }),
    ingress({ name: 'robin', annotations: { 'load-balance': 'round_robin' }, rules: rule('robin', 'many') }),
    ingress({ name: 'ewma', annotations: { 'load-balance': 'ewma' }, rules: rule('ewma', 'uneven') }),
    ingress({ name: 'by-name', rules: rule('by-name', 'plain', 'http') }),
    // ingress-nginx finds the port by its targetPort too.
    ingress({ name: 'by-target', rules: rule('by-target', 'plain', 8080) }),
  ],
  nginx: (place) =>
    ewma(place) +
    (
      [
        ['http', pass('plain')],
        ['https', `${headers()} ${DEFAULTS} proxy_pass https://secret;`],
        ['lower', `${headers()} ${DEFAULTS} proxy_pass https://secret;`],
        ['auto', `${headers()} ${DEFAULTS} proxy_pass $scheme://plain;`],
        ['auto-tls', `${headers()} ${DEFAULTS} proxy_pass $scheme://secret;`],
        ['unknown', pass('plain')],
        ['wrong', `${headers()} ${DEFAULTS} proxy_pass https://plain;`],
        ['verified', `${headers()} ${DEFAULTS} proxy_ssl_verify off; proxy_pass https://secret;`],
        ['virtual', pass('behind')],
        ['robin', pass('many')],
        ['ewma', `log_by_lua_block { ewma_observe() } ${headers()} ${DEFAULTS} proxy_pass http://ewma;`],
        ['by-name', pass('plain')],
        ['by-target', pass('plain')],
      ] as const
    )
      .map(([name, inside]) => server(place, `${name}.backend.example`, prefix('/', inside)))
      .join('\n'),
  checks: [
    get('http.backend.example', '/x', '200 plain /x'),
    get('https.backend.example', '/x', '200 secret /x'),
    get('lower.backend.example', '/x', '200 secret /x'),
    get('auto.backend.example', '/x', '200 plain /x'),
    ask({ host: 'auto-tls.backend.example', target: '/x', tls: true }, '200 secret /x', {
      lines: ['+ answer strict-transport-security: max-age=31536000; includeSubDomains'],
      because:
        'HSTS is a line of Lua in ingress-nginx’s header filter, which the servers of this group leave out',
    }),
    get('unknown.backend.example', '/x', '200 plain /x'),
    get('wrong.backend.example', '/x', '502'),
    get('verified.backend.example', '/x', '200 secret /x'),
    get('virtual.backend.example', '/x', '200 behind /x'),
    get('by-name.backend.example', '/x', '200 plain /x'),
    get('by-target.backend.example', '/x', '200 plain /x'),
    scene('ewma prefers the endpoint that answers sooner', 'mostly the faster one', (side) =>
      faster(side, 'ewma'),
    ),
    scene('round_robin meets every endpoint', '3 endpoints', (side) => spread(side, 'robin')),
  ],
}
