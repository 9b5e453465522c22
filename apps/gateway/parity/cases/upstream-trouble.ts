import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { DEFAULTS, headers, pass, prefix, server } from '../nginx-parts.ts'
import { ask, get, scene } from '../observe.ts'
import type { Side } from '../room/side.ts'

const rule = (host: string, service: string) => [{ host, paths: [{ service }] }]

/** DEFAULTS with some of them said otherwise. */
function but(changes: Readonly<Record<string, string>>): string {
  let text = DEFAULTS
  for (const [name, value] of Object.entries(changes))
    text = text.replace(new RegExp(`${name} [^;]*;`), `${name} ${value};`)
  return text
}

const to = (service: string, defaults: string): string =>
  `${headers()} ${defaults} proxy_pass http://${service};`

/** Which endpoints saw one request, whichever was first. */
async function attempts(
  side: Side,
  method: string,
  host: string,
  headersToo: Readonly<Record<string, string>> = {},
) {
  const { response, seen } = await side.send({
    method,
    host,
    target: '/x',
    headers: headersToo,
    ...(method !== 'GET' && { body: 'payload' }),
  })
  const endpoints = seen.map(({ endpoint }) => endpoint)
  return `${String(response.status)} after ${String(seen.length)} of ${String(new Set(endpoints).size)} endpoints`
}

/** What happens in several tries; that the first endpoint in turn was a good one says nothing, so it is left out. */
async function outcomes(count: number, play: () => Promise<string>): Promise<string> {
  const all = new Set<string>()
  for (let i = 0; i < count; i++) all.add(await play())
  if (all.size > 1) all.delete('200 after 1 of 1 endpoints')
  return [...all].sort().join(' | ')
}

const streamed = {
  because:
    'nginx has the whole body before it connects and can send it twice; Postern streams it, and what has left cannot be sent again',
}

export const upstreamTrouble: ParityCase = {
  name: 'header buffer, timeouts and retries',
  source: 'annotations/proxy/main.go; template.go buildNextUpstream; nginx.tmpl proxy_* directives',
  modules: ['lua'],
  services: {
    app: ['ok'],
    dead: ['refused'],
    hangup: ['reset'],
    silent: ['silent'],
    'half-dead': ['refused', 'ok'],
    'half-reset': ['reset', 'ok'],
    'half-503': ['503', 'ok'],
    'all-reset': ['reset', 'reset', 'reset', 'reset'],
    mute: ['silent', 'silent'],
    full: ['full'],
    empty: [],
  },
  manifests: () => [
    ingress({ name: 'plain', rules: rule('plain.up.example', 'app') }),
    ingress({
      name: 'large',
      annotations: { 'proxy-buffer-size': '16k' },
      rules: rule('large.up.example', 'app'),
    }),
    ingress({ name: 'dead', rules: rule('dead.up.example', 'dead') }),
    ingress({ name: 'hangup', rules: rule('hangup.up.example', 'hangup') }),
    ingress({ name: 'empty', rules: rule('empty.up.example', 'empty') }),
    ingress({
      name: 'silent',
      annotations: { 'proxy-read-timeout': '1' },
      rules: rule('silent.up.example', 'silent'),
    }),
    ingress({
      name: 'no-time',
      annotations: { 'proxy-read-timeout': '2', 'proxy-next-upstream-timeout': '1' },
      rules: rule('no-time.up.example', 'mute'),
    }),
    ingress({
      name: 'full',
      annotations: { 'proxy-connect-timeout': '1', 'proxy-next-upstream': 'off' },
      rules: rule('full.up.example', 'full'),
    }),
    ingress({ name: 'half-dead', rules: rule('half-dead.up.example', 'half-dead') }),
    ingress({ name: 'half-reset', rules: rule('half-reset.up.example', 'half-reset') }),
    ingress({ name: 'half-503', rules: rule('half-503.up.example', 'half-503') }),
    ingress({
      name: 'status',
      annotations: { 'proxy-next-upstream': 'error http_503' },
      rules: rule('status.up.example', 'half-503'),
    }),
    ingress({
      name: 'non-idempotent',
      annotations: { 'proxy-next-upstream': 'error timeout non_idempotent' },
      rules: rule('non-idempotent.up.example', 'half-reset'),
    }),
    ingress({
      name: 'off',
      annotations: { 'proxy-next-upstream': 'off' },
      rules: rule('off.up.example', 'half-reset'),
    }),
    ingress({ name: 'three', rules: rule('three.up.example', 'all-reset') }),
    ingress({
      name: 'two',
      annotations: { 'proxy-next-upstream-tries': '2' },
      rules: rule('two.up.example', 'all-reset'),
    }),
  ],
  nginx: (place) =>
    [
      ['plain', pass('app')],
      ['large', to('app', but({ proxy_buffer_size: '16k', proxy_buffers: '4 16k' }))],
      ['dead', pass('dead')],
      ['hangup', pass('hangup')],
      // balancer.rewrite in Lua: a backend without endpoints has no balancer.
      ['empty', 'return 503;'],
      ['silent', to('silent', but({ proxy_read_timeout: '1s' }))],
      ['no-time', to('mute', but({ proxy_read_timeout: '2s', proxy_next_upstream_timeout: '1s' }))],
      ['full', to('full', but({ proxy_connect_timeout: '1s', proxy_next_upstream: 'off' }))],
      ['half-dead', pass('half-dead')],
      ['half-reset', pass('half-reset')],
      ['half-503', pass('half-503')],
      ['status', to('half-503', but({ proxy_next_upstream: 'error http_503' }))],
      ['non-idempotent', to('half-reset', but({ proxy_next_upstream: 'error timeout non_idempotent' }))],
      ['off', to('half-reset', but({ proxy_next_upstream: 'off' }))],
      ['three', pass('all-reset')],
      ['two', to('all-reset', but({ proxy_next_upstream_tries: '2' }))],
    ]
      .map(([name, inside]) => server(place, `${name ?? ''}.up.example`, prefix('/', inside ?? '')))
      .join('\n'),
  checks: [
    ask({ host: 'plain.up.example', target: '/x', headers: { 'Answer-Padding': '3000' } }, '200 app /x'),
    ask({ host: 'plain.up.example', target: '/x', headers: { 'Answer-Padding': '5000' } }, '502 app /x'),
    ask({ host: 'large.up.example', target: '/x', headers: { 'Answer-Padding': '5000' } }, '200 app /x'),
    ask({ host: 'large.up.example', target: '/x', headers: { 'Answer-Padding': '15000' } }, '200 app /x'),
    ask({ host: 'large.up.example', target: '/x', headers: { 'Answer-Padding': '17000' } }, '502 app /x'),
    get('dead.up.example', '/x', '502'),
    get('empty.up.example', '/x', '503'),
    get('silent.up.example', '/x', '504 silent /x silent /x silent /x'),
    scene('proxy-next-upstream-timeout', '504 after 1 of 1 endpoints', (side) =>
      attempts(side, 'GET', 'no-time.up.example'),
    ),
    get('full.up.example', '/x', '504'),
    ask({ method: 'POST', host: 'hangup.up.example', target: '/x', body: 'b' }, '502 hangup /x'),
    scene('an endpoint that refuses is passed over, for any method', '200 after 1 of 1 endpoints', (side) =>
      outcomes(4, () => attempts(side, 'POST', 'half-dead.up.example')),
    ),
    scene('GET is sent again to another endpoint after a reset', '200 after 2 of 2 endpoints', (side) =>
      outcomes(6, () => attempts(side, 'GET', 'half-reset.up.example')),
    ),
    scene('POST is not sent again after a reset', '502 after 1 of 1 endpoints', (side) =>
      outcomes(6, () => attempts(side, 'POST', 'half-reset.up.example')),
    ),
    scene(
      'PATCH is not sent again after a reset, PUT is',
      'PATCH 502 after 1 of 1 endpoints, PUT 200 after 2 of 2 endpoints',
      async (side) =>
        `PATCH ${await outcomes(6, () => attempts(side, 'PATCH', 'half-reset.up.example'))}, PUT ${await outcomes(6, () => attempts(side, 'PUT', 'half-reset.up.example'))}`,
      {
        ...streamed,
        lines: [
          '- PATCH 502 after 1 of 1 endpoints, PUT 200 after 2 of 2 endpoints',
          '+ PATCH 502 after 1 of 1 endpoints, PUT 502 after 1 of 1 endpoints',
        ],
      },
    ),
    scene(
      'non_idempotent: POST is sent again',
      '200 after 2 of 2 endpoints',
      (side) => outcomes(6, () => attempts(side, 'POST', 'non-idempotent.up.example')),
      {
        ...streamed,
        lines: ['- 200 after 2 of 2 endpoints', '+ 502 after 1 of 1 endpoints'],
      },
    ),
    scene('a status is passed on unless it is listed', '503 after 1 of 1 endpoints', (side) =>
      outcomes(6, () => attempts(side, 'GET', 'half-503.up.example')),
    ),
    scene('http_503 tries the next', '200 after 2 of 2 endpoints', (side) =>
      outcomes(6, () => attempts(side, 'GET', 'status.up.example')),
    ),
    scene('off: no second attempt', '502 after 1 of 1 endpoints', (side) =>
      outcomes(6, () => attempts(side, 'GET', 'off.up.example')),
    ),
    scene('three attempts by default', '502 after 3 of 3 endpoints', (side) =>
      attempts(side, 'GET', 'three.up.example'),
    ),
    scene('proxy-next-upstream-tries', '502 after 2 of 2 endpoints', (side) =>
      attempts(side, 'GET', 'two.up.example'),
    ),
  ],
}
