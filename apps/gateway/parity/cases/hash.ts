import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { DEFAULTS, headers, prefix, server } from '../nginx-parts.ts'
import { scene } from '../observe.ts'
import type { Place } from '../room/place.ts'
import type { Ask, Side } from '../room/side.ts'

const KEYS: readonly (readonly [name: string, key: string])[] = [
  ['uri', '$request_uri'],
  ['header', '$http_x_user'],
  ['arg', '$arg_user'],
  ['cookie', '$cookie_user'],
  ['client', '$remote_addr'],
  ['mixed', '${host}${arg_user}'],
]

const host = (name: string): string => `${name}.hash.example`

/** Endpoints that the same key meets, and that many keys meet. */
async function consistency(side: Side, same: Ask, others: (i: number) => Ask): Promise<string> {
  const meet = async (ask: Ask): Promise<number> => (await side.send(ask)).seen[0]?.endpoint ?? -1
  const one = new Set<number>()
  for (let i = 0; i < 8; i++) one.add(await meet(same))
  const many = new Set<number>()
  for (let i = 0; i < 60; i++) many.add(await meet(others(i)))
  return `one key ${String(one.size)}, many keys ${String(many.size)}`
}

// chash.lua: the key's hash picks the endpoint; here modulo the number, which is as consistent while that stays.
function byKey(place: Place, key: string): string {
  const ports = [0, 1, 2, 3].map((index) => place.port('app', index)).join(', ')
  return `set $key "${key}"; set $endpoint ''; rewrite_by_lua_block {
    local ports = { ${ports} }
    ngx.var.endpoint = "127.0.0.1:" .. ports[ngx.crc32_short(ngx.var.key) % 4 + 1]
  } ${headers()} ${DEFAULTS} proxy_pass http://$endpoint;`
}

export const hash: ParityCase = {
  name: 'upstream-hash-by',
  source: 'annotations/upstreamhashby/main.go; rootfs/etc/nginx/lua/balancer/chash.lua',
  // A Service each: the balance belongs to the backend, not to the Ingress.
  services: Object.fromEntries([
    ['app', ['ok', 'ok', 'ok', 'ok']],
    ...KEYS.map(([name]) => [name, ['ok', 'ok', 'ok', 'ok']]),
  ]),
  modules: ['lua'],
  manifests: () =>
    KEYS.map(([name, key]) =>
      ingress({
        name,
        annotations: { 'upstream-hash-by': key },
        rules: [{ host: host(name), paths: [{ service: name }] }],
      }),
    ),
  nginx: (place) =>
    KEYS.map(([name, key]) => server(place, host(name), prefix('/', byKey(place, key)))).join('\n'),
  checks: [
    scene('by $request_uri', 'one key 1, many keys 4', (side) =>
      consistency(side, { host: host('uri'), target: '/x?a=1' }, (i) => ({
        host: host('uri'),
        target: `/x?a=${String(i)}`,
      })),
    ),
    scene('by a header', 'one key 1, many keys 4', (side) =>
      consistency(side, { host: host('header'), target: '/', headers: { 'X-User': 'anna' } }, (i) => ({
        host: host('header'),
        target: '/',
        headers: { 'X-User': `user-${String(i)}` },
      })),
    ),
    scene('by an argument', 'one key 1, many keys 4', (side) =>
      consistency(side, { host: host('arg'), target: '/y?user=anna' }, (i) => ({
        host: host('arg'),
        target: `/y?b=1&user=user-${String(i)}`,
      })),
    ),
    scene('by a cookie', 'one key 1, many keys 4', (side) =>
      consistency(side, { host: host('cookie'), target: '/', headers: { Cookie: 'user=anna' } }, (i) => ({
        host: host('cookie'),
        target: '/',
        headers: { Cookie: `a=b; user=user-${String(i)}` },
      })),
    ),
    scene('by the client: one machine, one endpoint', 'one key 1, many keys 1', (side) =>
      consistency(side, { host: host('client'), target: '/' }, (i) => ({
        host: host('client'),
        target: `/${String(i)}`,
      })),
    ),
    scene('by two variables', 'one key 1, many keys 4', (side) =>
      consistency(side, { host: host('mixed'), target: '/?user=anna' }, (i) => ({
        host: host('mixed'),
        target: `/?user=${String(i)}`,
      })),
    ),
    scene('an empty key is a key', 'one key 1, many keys 1', (side) =>
      consistency(side, { host: host('header'), target: '/a' }, (i) => ({
        host: host('header'),
        target: `/${String(i)}`,
      })),
    ),
  ],
}
