import { ingress, RawClient, until } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { DEFAULTS, headers, pass, prefix, server } from '../nginx-parts.ts'
import { ask, scene } from '../observe.ts'
import type { Side } from '../room/side.ts'

const name = (short: string): string => `${short}.limit.example`
const rule = (short: string) => [
  {
    host: name(short),
    paths: [
      { path: '/a', service: 'app' },
      { path: '/b', service: 'app' },
    ],
  },
]

/** Sends at once and counts who was let in. */
async function burst(side: Side, short: string, count: number, path = '/a', method = 'GET'): Promise<string> {
  const statuses = await Promise.all(
    Array.from({ length: count }, async () => {
      const { response } = await side.send({ method, host: name(short), target: path })
      return response.status
    }),
  )
  const counts = new Map<number, number>()
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1)
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([status, many]) => `${String(status)} x ${String(many)}`)
    .join(', ')
}

/** Two requests that are never answered hold two places; then a third asks. */
async function third(side: Side): Promise<string> {
  side.take()
  const open = await Promise.all([1, 2].map(() => RawClient.open({ port: side.http })))
  for (const client of open)
    client.write(`GET /a HTTP/1.1\r\nHost: ${name('connections')}\r\nAnswer-Never: 1\r\n\r\n`)
  let arrived = 0
  await until('both are under way', () => (arrived += side.take().length) >= 2)
  const full = (await side.send({ host: name('connections'), target: '/b' })).response.status
  for (const client of open) client.close()
  const after = await until('there is room again', async () => {
    const { response } = await side.send({ host: name('connections'), target: '/b' })
    return response.status === 200 && response.status
  })
  return `while two are under way ${String(full)}, afterwards ${String(after)}`
}

export const rateLimit: ParityCase = {
  name: 'rate limits',
  source:
    'template.go buildRateLimitZones, buildRateLimit; annotations/ratelimit/main.go: burst = limit x multiplier, nodelay',
  services: { app: ['ok'] },
  manifests: () => [
    ingress({
      name: 'minute',
      annotations: { 'limit-rpm': '6', 'limit-burst-multiplier': '2' },
      rules: rule('minute'),
    }),
    ingress({ name: 'default', annotations: { 'limit-rpm': '2' }, rules: rule('default') }),
    ingress({ name: 'second', annotations: { 'limit-rps': '1' }, rules: rule('second') }),
    ingress({
      name: 'both',
      annotations: { 'limit-rps': '100', 'limit-rpm': '3', 'limit-burst-multiplier': '1' },
      rules: rule('both'),
    }),
    ingress({
      name: 'exempt',
      annotations: { 'limit-rpm': '1', 'limit-whitelist': '127.0.0.0/8' },
      rules: rule('exempt'),
    }),
    ingress({
      name: 'allowed',
      annotations: { 'limit-rpm': '1', 'limit-allowlist': '10.0.0.0/8, 127.0.0.1' },
      rules: rule('allowed'),
    }),
    ingress({ name: 'connections', annotations: { 'limit-connections': '2' }, rules: rule('connections') }),
    ingress({
      name: 'guarded',
      annotations: { 'limit-rpm': '1', 'limit-burst-multiplier': '1', 'denylist-source-range': '127.0.0.1' },
      rules: rule('guarded'),
    }),
    ingress({
      name: 'redirected',
      annotations: {
        'limit-rpm': '1',
        'limit-burst-multiplier': '1',
        'permanent-redirect': 'https://new.example/',
      },
      rules: rule('redirected'),
    }),
  ],
  nginx: (place) => {
    const limited = (short: string, lines: string): string => {
      const inside = `${lines} ${pass('app')}`
      return server(place, name(short), prefix('/a', inside), prefix('/b', inside))
    }
    return `
    geo $remote_addr $exempt { default 0; 127.0.0.0/8 1; }
    map $exempt $limit_exempt { 0 $binary_remote_addr; 1 ""; }
    limit_req_zone $binary_remote_addr zone=minute:5m rate=6r/m;
    limit_req_zone $binary_remote_addr zone=default:5m rate=2r/m;
    limit_req_zone $binary_remote_addr zone=second:5m rate=1r/s;
    limit_req_zone $binary_remote_addr zone=both_s:5m rate=100r/s;
    limit_req_zone $binary_remote_addr zone=both_m:5m rate=3r/m;
    limit_req_zone $limit_exempt zone=exempt:5m rate=1r/m;
    limit_req_zone $binary_remote_addr zone=guarded:5m rate=1r/m;
    limit_req_zone $binary_remote_addr zone=redirected:5m rate=1r/m;
    limit_conn_zone $binary_remote_addr zone=connections:5m;
    ${limited('minute', 'limit_req zone=minute burst=12 nodelay;')}
    ${limited('default', 'limit_req zone=default burst=10 nodelay;')}
    ${limited('second', 'limit_req zone=second burst=5 nodelay;')}
    ${limited('both', 'limit_req zone=both_s burst=100 nodelay; limit_req zone=both_m burst=3 nodelay;')}
    ${limited('exempt', 'limit_req zone=exempt burst=5 nodelay;')}
    ${limited('allowed', 'limit_req zone=exempt burst=5 nodelay;')}
    ${limited('connections', 'limit_conn connections 2;')}
    ${limited('guarded', 'deny 127.0.0.1; limit_req zone=guarded burst=1 nodelay;')}
    ${server(
      place,
      name('redirected'),
      `location / { limit_req zone=redirected burst=1 nodelay; return 301 https://new.example/; ${headers()} ${DEFAULTS} proxy_pass http://app; }`,
    )}`
  },
  checks: [
    scene('one more than the burst is let in at once', '200 x 13, 503 x 7', (side) =>
      burst(side, 'minute', 20),
    ),
    scene('all paths of the Ingress share it', '503 x 5', (side) => burst(side, 'minute', 5, '/b')),
    scene('the multiplier is 5 unless said otherwise', '200 x 11, 503 x 4', (side) =>
      burst(side, 'default', 15),
    ),
    scene('what is over is refused, not delayed', 'the burst passes and hardly more', async (side) => {
      const text = await burst(side, 'second', 20)
      const passed = Number(/200 x (\d+)/.exec(text)?.[1])
      // One more for each second that the burst takes on a busy machine.
      return passed >= 6 && passed <= 9 ? 'the burst passes and hardly more' : text
    }),
    scene('of two limits the tighter one decides', '200 x 4, 503 x 6', (side) => burst(side, 'both', 10)),
    scene('listed addresses are not counted', '200 x 20', (side) => burst(side, 'exempt', 20)),
    scene('limit-allowlist is the same list', '200 x 20', (side) => burst(side, 'allowed', 20)),
    scene('connections at the same time', 'while two are under way 503, afterwards 200', third),
    // The limit is of the preaccess phase: before any check of who asks.
    scene('a limit comes before deny lists', '403 x 2, 503 x 4', (side) => burst(side, 'guarded', 6)),
    scene('a redirect comes before the limit', '301 x 6', (side) => burst(side, 'redirected', 6)),
    ask({ method: 'HEAD', host: name('minute'), target: '/a' }, '503'),
  ],
}
