import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { DEFAULTS, headers, prefix, server } from '../nginx-parts.ts'
import { ask, get, scene } from '../observe.ts'
import type { Side } from '../room/side.ts'

interface Split {
  readonly name: string
  readonly annotations: Readonly<Record<string, string>>
  /** What the controller hands to Lua as the traffic shaping policy. */
  readonly policy: string
}

const SPLITS: readonly Split[] = [
  { name: 'header', annotations: { 'canary-by-header': 'X-Canary' }, policy: 'header = "x_canary"' },
  {
    name: 'value',
    annotations: { 'canary-by-header': 'X-Canary', 'canary-by-header-value': 'beta' },
    policy: 'header = "x_canary", value = "beta"',
  },
  {
    name: 'pattern',
    annotations: { 'canary-by-header': 'X-Canary', 'canary-by-header-pattern': '^be(ta)?[0-9]$' },
    policy: 'header = "x_canary", pattern = "^be(ta)?[0-9]$"',
  },
  {
    name: 'cookie',
    annotations: {
      'canary-by-cookie': 'canary',
      'canary-by-header': 'X-Canary',
      'canary-by-header-value': 'beta',
    },
    policy: 'header = "x_canary", value = "beta", cookie = "canary"',
  },
  { name: 'all', annotations: { 'canary-weight': '100' }, policy: 'weight = 100' },
  { name: 'none', annotations: { 'canary-weight': '0' }, policy: 'weight = 0' },
  {
    name: 'small-total',
    annotations: { 'canary-weight': '10', 'canary-weight-total': '10' },
    policy: 'weight = 10, total = 10',
  },
  {
    name: 'large-total',
    annotations: { 'canary-weight': '500', 'canary-weight-total': '1000' },
    policy: 'weight = 500, total = 1000',
  },
]

// route_to_alternative_balancer: header, then cookie, then weight.
const CHOOSE = `init_worker_by_lua_block {
  function choose(p)
    local sent = p.header and ngx.var["http_" .. p.header]
    if sent then
      if p.value then
        if sent == p.value then return p.name .. "-canary" end
      elseif p.pattern then
        if ngx.re.match(sent, p.pattern) then return p.name .. "-canary" end
      elseif sent == "always" then return p.name .. "-canary"
      elseif sent == "never" then return p.name .. "-main" end
    end
    local cookie = p.cookie and ngx.var["cookie_" .. p.cookie]
    if cookie == "always" then return p.name .. "-canary" end
    if cookie == "never" then return p.name .. "-main" end
    local total = 100
    if p.total and p.total > 100 then total = p.total end
    return p.name .. (math.random(total) <= (p.weight or 0) and "-canary" or "-main")
  end
}`

const host = (name: string): string => `${name}.canary.example`
const rules = (name: string, service: string) => [{ host: host(name), paths: [{ path: '/app', service }] }]
const withHeader = (name: string, value: string) => ({
  host: host(name),
  target: '/app',
  headers: { 'X-Canary': value },
})

async function share(side: Side, name: string, count: number): Promise<string> {
  let canary = 0
  for (let i = 0; i < count; i++) {
    const { seen } = await side.send({ host: host(name), target: '/app' })
    if (seen[0]?.service === `${name}-canary`) canary += 1
  }
  const percent = (100 * canary) / count
  // Five standard deviations either way.
  const margin = (500 * Math.sqrt(0.25)) / Math.sqrt(count)
  const fits = [0, 10, 50, 100].find((p) => Math.abs(p - percent) <= (p === 0 || p === 100 ? 0 : margin))
  return fits === undefined ? `${String(percent)}%` : `about ${String(fits)}%`
}

// is_affinitized: the backend half of the affinity cookie decides before the policy does. The half is the name of the
// backend there and another hash here, so each side's own cookie is shown to it.
async function stickiness(side: Side, name: string): Promise<string> {
  const ask = async (cookie: string | undefined, choice: string) => {
    const headers = { 'X-Canary': choice, ...(cookie !== undefined && { Cookie: cookie }) }
    const { response, seen } = await side.send({ host: host(name), target: '/app', headers })
    const given = response.values('set-cookie').find((line) => line.startsWith('INGRESSCOOKIE='))
    return { service: seen[0]?.service ?? 'nobody', cookie: given?.split(';')[0] }
  }
  const onCanary = await ask(undefined, 'always')
  const stays = await ask(onCanary.cookie, 'never')
  const onMain = await ask(undefined, 'never')
  const staysToo = await ask(onMain.cookie, 'always')
  return [onCanary, stays, onMain, staysToo].map(({ service }) => service).join(' ')
}

// sticky.lua and route_to_alternative_balancer with affinity on both.
const STICKY = `set $chosen ''; rewrite_by_lua_block {
  local half = (ngx.var.cookie_INGRESSCOOKIE or ""):match("|(.+)$")
  local names = { [ngx.md5("sticky-main")] = "sticky-main", [ngx.md5("sticky-canary")] = "sticky-canary" }
  local known = half and names[half]
  ngx.var.chosen = known or choose({ name = "sticky", header = "x_canary" })
  if not known then
    local key = ngx.md5(tostring(math.random())) .. "|" .. ngx.md5(ngx.var.chosen)
    ngx.header["Set-Cookie"] = "INGRESSCOOKIE=" .. key .. "; Path=/app; HttpOnly"
  end
}`

function split(path: string, name: string, policy: string): string {
  const chosen = `set $chosen ''; rewrite_by_lua_block { ngx.var.chosen = choose({ name = "${name}", ${policy} }) }`
  return prefix(path, `${chosen} ${headers()} ${DEFAULTS} proxy_pass http://$chosen;`)
}

export const canary: ParityCase = {
  name: 'canaries',
  source: 'rootfs/etc/nginx/lua/balancer.lua route_to_alternative_balancer; annotations/canary/main.go',
  services: Object.fromEntries(
    ['sticky', 'legacy', ...SPLITS.map(({ name }) => name)].flatMap((name) => [
      [`${name}-main`, ['ok'] as const],
      [`${name}-canary`, ['ok'] as const],
    ]),
  ),
  modules: ['lua'],
  manifests: () => [
    ingress({ name: 'sticky', annotations: { affinity: 'cookie' }, rules: rules('sticky', 'sticky-main') }),
    ingress({ name: 'legacy', annotations: { affinity: 'cookie' }, rules: rules('legacy', 'legacy-main') }),
    ingress({
      name: 'legacy-canary',
      annotations: { canary: 'true', 'canary-by-header': 'X-Canary', 'affinity-canary-behavior': 'legacy' },
      rules: rules('legacy', 'legacy-canary'),
    }),
    ingress({
      name: 'sticky-canary',
      annotations: { canary: 'true', 'canary-by-header': 'X-Canary' },
      rules: rules('sticky', 'sticky-canary'),
    }),
    ingress({
      name: 'elsewhere',
      rules: [
        {
          host: 'elsewhere.canary.example',
          paths: [
            { path: '/else', service: 'all-main' },
            { path: '/not', service: 'none-main' },
          ],
        },
      ],
    }),
    ...SPLITS.flatMap(({ name, annotations }) => [
      ingress({ name, rules: rules(name, `${name}-main`) }),
      ingress({
        name: `${name}-canary`,
        annotations: { canary: 'true', 'proxy-body-size': '1', ...annotations },
        rules: rules(name, `${name}-canary`),
      }),
    ]),
  ],
  nginx: (place) =>
    `${CHOOSE}
    ${server(place, host('sticky'), prefix('/app', `${STICKY} ${headers()} ${DEFAULTS} proxy_pass http://$chosen;`))}
    ${server(place, host('legacy'), split('/app', 'legacy', 'header = "x_canary"'))}
    ${server(place, 'elsewhere.canary.example', split('/else', 'all', 'weight = 100'), split('/not', 'none', 'weight = 0'))}
    ${SPLITS.map(({ name, policy }) => server(place, host(name), split('/app', name, policy))).join('\n')}`,
  checks: [
    ask(withHeader('header', 'always'), '200 header-canary /app'),
    ask(withHeader('header', 'never'), '200 header-main /app'),
    ask(withHeader('header', 'Always'), '200 header-main /app'),
    get(host('header'), '/app/x', '200 header-main /app/x'),
    ask(withHeader('value', 'beta'), '200 value-canary /app'),
    ask(withHeader('value', 'always'), '200 value-main /app'),
    ask(withHeader('value', 'BETA'), '200 value-main /app'),
    ask(withHeader('pattern', 'beta7'), '200 pattern-canary /app'),
    ask(withHeader('pattern', 'be1'), '200 pattern-canary /app'),
    ask(withHeader('pattern', 'Beta7'), '200 pattern-main /app'),
    ask(withHeader('pattern', 'always'), '200 pattern-main /app'),
    ask(
      { host: host('cookie'), target: '/app', headers: { Cookie: 'a=b; canary=always' } },
      '200 cookie-canary /app',
    ),
    ask(
      { host: host('cookie'), target: '/app', headers: { Cookie: 'canary=never' } },
      '200 cookie-main /app',
    ),
    ask({ host: host('cookie'), target: '/app', headers: { Cookie: 'canary=yes' } }, '200 cookie-main /app'),
    ask(
      { host: host('cookie'), target: '/app', headers: { Cookie: 'canary=always', 'X-Canary': 'never' } },
      '200 cookie-canary /app',
    ),
    ask(
      { host: host('cookie'), target: '/app', headers: { Cookie: 'canary=never', 'X-Canary': 'beta' } },
      '200 cookie-canary /app',
    ),
    ask(
      { method: 'POST', host: host('all'), target: '/app', body: 'more than one byte' },
      '200 all-canary /app',
    ),
    scene(
      'affinity keeps a client with the half that it met',
      'sticky-canary sticky-canary sticky-main sticky-main',
      (side) => stickiness(side, 'sticky'),
    ),
    // docs/user-guide/nginx-configuration/annotations.md: "legacy" ignores session affinity.
    scene('legacy: affinity has no say', 'legacy-canary legacy-main legacy-main legacy-canary', (side) =>
      stickiness(side, 'legacy'),
    ),
    // mergeAlternativeBackend: the canary belongs to the backend, and so to every path and host that leads there.
    get('elsewhere.canary.example', '/else', '200 all-canary /else'),
    get('elsewhere.canary.example', '/not', '200 none-main /not'),
    scene('weight 100', 'about 100%', (side) => share(side, 'all', 40)),
    scene('weight 0', 'about 0%', (side) => share(side, 'none', 40)),
    scene('a total below 100 is ignored', 'about 10%', (side) => share(side, 'small-total', 150)),
    scene('a total above 100', 'about 50%', (side) => share(side, 'large-total', 150)),
  ],
}
