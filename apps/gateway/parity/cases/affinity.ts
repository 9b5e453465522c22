import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { DEFAULTS, headers, pass, prefix, server } from '../nginx-parts.ts'
import { scene } from '../observe.ts'
import type { Place } from '../room/place.ts'
import type { Side } from '../room/side.ts'

const FULL = {
  affinity: 'cookie',
  'session-cookie-name': 'route',
  'session-cookie-path': '/full',
  'session-cookie-domain': 'affinity.example',
  'session-cookie-samesite': 'Strict',
  'session-cookie-max-age': '600',
  'session-cookie-expires': '600',
  'session-cookie-secure': 'true',
}

// sticky.lua: the key of the cookie picks the endpoint; without one a key is made and set.
function sticky(place: Place, path: string, cookie: string, attributes: string): string {
  const ports = [0, 1, 2, 3].map((index) => place.port('app', index)).join(', ')
  return prefix(
    path,
    `set $endpoint ''; rewrite_by_lua_block {
      local key = ngx.var["cookie_${cookie}"]
      if not key then
        key = ngx.md5(tostring(math.random()) .. ngx.now()) .. "|" .. ngx.md5("default-app-80")
        ${attributes === '' ? '' : `ngx.header["Set-Cookie"] = "${cookie}=" .. key .. "; ${attributes}"`}
      end
      local ports = { ${ports} }
      ngx.var.endpoint = "127.0.0.1:" .. ports[ngx.crc32_short(key) % 4 + 1]
    } ${headers()} ${DEFAULTS} proxy_pass http://$endpoint;`,
  )
}

const attributesOf = (line: string): string =>
  line
    .split('; ')
    .map((part) => part.replace(/^(Expires)=.*/, '$1=<date>'))
    .slice(1)
    .sort()
    .join('; ')

const ask = (host: string, target: string, cookie?: string) => ({
  host,
  target,
  ...(cookie !== undefined && { headers: { Cookie: cookie } }),
})

async function firstCookie(
  side: Side,
  host: string,
  target: string,
): Promise<readonly [cookie: string, line: string, endpoint: number]> {
  const { response, seen } = await side.send(ask(host, target))
  const [line = ''] = response.values('set-cookie')
  return [line.split(';')[0] ?? '', line, seen[0]?.endpoint ?? -1]
}

async function attributes(side: Side, host: string, target: string): Promise<string> {
  const [cookie, line] = await firstCookie(side, host, target)
  return `${cookie.replace(/[0-9a-f]{32}/g, '<id>')}; ${attributesOf(line)}`
}

/** The same endpoint every time, and no new cookie. */
async function staysPut(side: Side, host: string, target: string): Promise<string> {
  const [cookie, , endpoint] = await firstCookie(side, host, target)
  const met = new Set<string>()
  for (let i = 0; i < 8; i++) {
    const { response, seen } = await side.send(ask(host, `${target}/${String(i)}`, cookie))
    const place = seen[0]?.endpoint === endpoint ? 'same endpoint' : 'another endpoint'
    met.add(`${place}, ${String(response.values('set-cookie').length)} cookies`)
  }
  return [...met].join(' | ')
}

async function spread(side: Side, host: string, target: string): Promise<string> {
  const met = new Set<number>()
  for (let i = 0; i < 60; i++) met.add((await firstCookie(side, host, target))[2])
  return `${String(met.size)} endpoints`
}

const HOST = 'www.affinity.example'
const IOS_12 = 'Mozilla/5.0 (iPhone; CPU iPhone OS 12_4 like Mac OS X) AppleWebKit/605.1.15'

export const affinity: ParityCase = {
  name: 'cookie affinity',
  source: 'rootfs/etc/nginx/lua/balancer/sticky.lua; annotations/sessionaffinity/main.go',
  services: {
    app: ['ok', 'ok', 'ok', 'ok'],
    free: ['ok'],
    fixed: ['ok', 'ok', 'ok'],
    kept: ['ok', 'ok', 'ok', 'ok'],
    some: ['ok', 'ok', 'ok', 'ok'],
  },
  modules: ['lua'],
  manifests: () => [
    ingress({
      name: 'plain',
      annotations: { affinity: 'cookie' },
      rules: [{ host: HOST, paths: [{ path: '/plain', service: 'app' }] }],
    }),
    ingress({
      name: 'full',
      annotations: FULL,
      rules: [{ host: `full.${HOST}`, paths: [{ path: '/full', service: 'fixed' }] }],
    }),
    ingress({
      name: 'conditional',
      annotations: {
        affinity: 'cookie',
        'session-cookie-samesite': 'None',
        'session-cookie-conditional-samesite-none': 'true',
        'session-cookie-secure': 'true',
      },
      rules: [{ host: `conditional.${HOST}`, paths: [{ path: '/', service: 'some' }] }],
    }),
    ingress({
      name: 'persistent',
      annotations: {
        affinity: 'cookie',
        'affinity-mode': 'persistent',
        'session-cookie-change-on-failure': 'true',
      },
      rules: [{ host: `persistent.${HOST}`, paths: [{ path: '/', service: 'kept' }] }],
    }),
    ingress({ name: 'same', rules: [{ host: HOST, paths: [{ path: '/same', service: 'app' }] }] }),
    ingress({ name: 'free', rules: [{ host: HOST, paths: [{ path: '/free', service: 'free' }] }] }),
  ],
  nginx: (place) =>
    [
      server(
        place,
        HOST,
        sticky(place, '/plain', 'INGRESSCOOKIE', 'Path=/plain; HttpOnly'),
        // The same backend, so the cookie counts; but the path is not among its locations, so none is set.
        sticky(place, '/same', 'INGRESSCOOKIE', ''),
        prefix('/free', pass('free')),
      ),
      // util/same_site.lua: browsers that take None for Strict get none.
      server(
        place,
        `conditional.${HOST}`,
        sticky(
          place,
          '/',
          'INGRESSCOOKIE',
          `Path=/; Secure; HttpOnly" .. ((ngx.var.http_user_agent or ""):find("iPhone; CPU iPhone OS 12") and "" or "; SameSite=None") .. "`,
        ),
      ),
      // sticky_persistent.lua differs only when endpoints come.
      server(place, `persistent.${HOST}`, sticky(place, '/', 'INGRESSCOOKIE', 'Path=/; HttpOnly')),
      server(
        place,
        `full.${HOST}`,
        sticky(
          place,
          '/full',
          'route',
          'Expires=Thu, 01 Jan 2026 00:00:00 GMT; Max-Age=600; Domain=affinity.example; Path=/full; Secure; HttpOnly; SameSite=Strict',
        ),
      ),
    ].join('\n'),
  checks: [
    scene('name and attributes by default', 'INGRESSCOOKIE=<id>|<id>; HttpOnly; Path=/plain', (side) =>
      attributes(side, HOST, '/plain'),
    ),
    scene(
      'every attribute set',
      'route=<id>|<id>; Domain=affinity.example; Expires=<date>; HttpOnly; Max-Age=600; Path=/full; SameSite=Strict; Secure',
      (side) => attributes(side, `full.${HOST}`, '/full'),
    ),
    scene(
      'the path is the rule’s, not the request’s',
      'INGRESSCOOKIE=<id>|<id>; HttpOnly; Path=/plain',
      (side) => attributes(side, HOST, '/plain/deep/er'),
    ),
    scene('a client stays where it was', 'same endpoint, 0 cookies', (side) =>
      staysPut(side, HOST, '/plain'),
    ),
    scene(
      'a path of another Ingress to the same Service follows the cookie',
      'same endpoint, 0 cookies',
      async (side) => {
        const [cookie, , endpoint] = await firstCookie(side, HOST, '/plain')
        const { response, seen } = await side.send(ask(HOST, '/same', cookie))
        const place = seen[0]?.endpoint === endpoint ? 'same endpoint' : 'another endpoint'
        return `${place}, ${String(response.values('set-cookie').length)} cookies`
      },
    ),
    scene('and sets none', '0 cookies', async (side) => {
      const { response } = await side.send(ask(HOST, '/same'))
      return `${String(response.values('set-cookie').length)} cookies`
    }),
    scene('clients without a cookie are spread', '4 endpoints', (side) => spread(side, HOST, '/plain')),
    scene(
      'SameSite=None for browsers that know it',
      'INGRESSCOOKIE=<id>|<id>; HttpOnly; Path=/; SameSite=None; Secure',
      (side) => attributes(side, `conditional.${HOST}`, '/'),
    ),
    scene('and not for others', 'no SameSite', async (side) => {
      const { response } = await side.send({
        host: `conditional.${HOST}`,
        target: '/',
        headers: { 'User-Agent': IOS_12 },
      })
      const [line = ''] = response.values('set-cookie')
      return line.includes('INGRESSCOOKIE') && !line.includes('SameSite') ? 'no SameSite' : line
    }),
    scene('persistent: the same cookie', 'INGRESSCOOKIE=<id>|<id>; HttpOnly; Path=/', (side) =>
      attributes(side, `persistent.${HOST}`, '/'),
    ),
    scene('persistent: a client stays where it was', 'same endpoint, 0 cookies', (side) =>
      staysPut(side, `persistent.${HOST}`, '/deep'),
    ),
    scene('persistent: clients without a cookie are spread', '4 endpoints', (side) =>
      spread(side, `persistent.${HOST}`, '/'),
    ),
    scene('a path of another Ingress gets none', 'no cookie', async (side) => {
      const { response } = await side.send(ask(HOST, '/free'))
      return response.values('set-cookie').length === 0 ? 'no cookie' : 'a cookie'
    }),
    scene('an error of the upstream carries the cookie too', '1 cookie with 500', async (side) => {
      const { response } = await side.send({
        host: HOST,
        target: '/plain',
        headers: { 'Answer-Status': '500' },
      })
      return `${String(response.values('set-cookie').length)} cookie with ${String(response.status)}`
    }),
  ],
}
