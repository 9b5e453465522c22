import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ingress, opaqueSecret } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { pass, prefix, server } from '../nginx-parts.ts'
import { ask, get, scene } from '../observe.ts'

const FORCED = 'forced.order.example'
const AUTH = 'auth.order.example'
const LIMITED = 'limited.order.example'
const MOVED = 'moved.order.example'
const ROOT = 'root.order.example'
const ANY = 'any.order.example'
const USERS = 'anna:{PLAIN}secret\n'
const KEY = `Basic ${Buffer.from('anna:secret').toString('base64')}`

const CORS = `set $cors 'true'; set $http_origin *; if ($request_method = OPTIONS) { set $cors \${cors}options; }
  if ($cors = 'trueoptions') { more_set_headers 'Access-Control-Allow-Origin: *' 'Access-Control-Allow-Credentials: true' 'Access-Control-Allow-Methods: GET' 'Access-Control-Allow-Headers: X-A' 'Access-Control-Max-Age: 1' 'Content-Type: text/plain charset=UTF-8'; return 204; }
  if ($cors = 'true') { more_set_headers 'Access-Control-Allow-Origin: *' 'Access-Control-Allow-Credentials: true' 'Access-Control-Allow-Methods: GET' 'Access-Control-Allow-Headers: X-A' 'Access-Control-Max-Age: 1'; }`
const withCors = {
  'enable-cors': 'true',
  'cors-allow-methods': 'GET',
  'cors-allow-headers': 'X-A',
  'cors-max-age': '1',
}
const TO_HTTPS = `rewrite_by_lua_block {
  if ngx.var.scheme == "http" then return ngx.redirect("https://" .. ngx.var.http_host .. ngx.var.request_uri, 308) end
}`
const preflight = (host: string, headers: Readonly<Record<string, string>> = {}) => ({
  method: 'OPTIONS',
  host,
  target: '/x',
  headers: { Origin: 'https://a.example', ...headers },
})
const large = (host: string, target = '/x') => ({ method: 'POST', host, target, body: 'b'.repeat(3000) })

// nginx judges the length before it comes to the lines of the location.
const readable = {
  lines: [
    '+ answer access-control-allow-credentials: true',
    '+ answer access-control-allow-headers: X-A',
    '+ answer access-control-allow-methods: GET',
    '+ answer access-control-allow-origin: *',
    '+ answer access-control-max-age: 1',
  ],
  because:
    'with CORS headers a page can read that its upload was too large; without, it sees a network error',
}

export const order: ParityCase = {
  name: 'which rule comes first',
  source:
    'nginx.tmpl, order of the lines of a location; nginx’s phases: server rewrite, find config, rewrite, preaccess, access',
  services: { app: ['ok'] },
  modules: ['lua', 'headers-more'],
  manifests: () => [
    opaqueSecret('users', { auth: USERS }),
    ingress({
      name: 'forced',
      annotations: { 'force-ssl-redirect': 'true', 'proxy-body-size': '1k', ...withCors },
      rules: [{ host: FORCED, paths: [{ path: '/', service: 'app' }] }],
    }),
    ingress({
      name: 'auth',
      annotations: { 'auth-type': 'basic', 'auth-secret': 'users', 'proxy-body-size': '1k', ...withCors },
      rules: [{ host: AUTH, paths: [{ path: '/', service: 'app' }] }],
    }),
    ingress({
      name: 'limited',
      annotations: {
        'auth-type': 'basic',
        'auth-secret': 'users',
        'limit-rpm': '1',
        'limit-burst-multiplier': '2',
        ...withCors,
      },
      rules: [{ host: LIMITED, paths: [{ path: '/', service: 'app' }] }],
    }),
    ingress({
      name: 'moved',
      annotations: {
        'permanent-redirect': 'https://new.example/',
        'force-ssl-redirect': 'true',
        ...withCors,
      },
      rules: [{ host: MOVED, paths: [{ path: '/', service: 'app' }] }],
    }),
    ingress({
      name: 'root',
      annotations: {
        'app-root': '/start',
        'force-ssl-redirect': 'true',
        'proxy-body-size': '1k',
        'auth-type': 'basic',
        'auth-secret': 'users',
        ...withCors,
      },
      rules: [{ host: ROOT, paths: [{ path: '/', service: 'app' }] }],
    }),
    ingress({
      name: 'any',
      annotations: {
        'auth-type': 'basic',
        'auth-secret': 'users',
        'whitelist-source-range': '10.9.9.9/32',
        satisfy: 'any',
      },
      rules: [{ host: ANY, paths: [{ path: '/', service: 'app' }] }],
    }),
  ],
  nginx: (place) => {
    const users = join(place.folder, 'users')
    writeFileSync(users, USERS)
    const basic = `auth_basic ""; auth_basic_user_file ${users}; proxy_set_header Authorization "";`
    const small = 'client_max_body_size 1k;'
    return [
      'limit_req_zone $binary_remote_addr zone=limited:1m rate=1r/m;',
      server(place, FORCED, prefix('/', `${TO_HTTPS} ${CORS} ${small} ${pass('app')}`)),
      server(place, AUTH, prefix('/', `${CORS} ${basic} ${small} ${pass('app')}`)),
      server(
        place,
        LIMITED,
        prefix('/', `${CORS} ${basic} limit_req zone=limited burst=2 nodelay; ${pass('app')}`),
      ),
      server(
        place,
        MOVED,
        prefix('/', `${TO_HTTPS} ${CORS} return 301 https://new.example/; ${pass('app')}`),
      ),
      server(
        place,
        ROOT,
        'if ($uri = /) { return 302 $scheme://$http_host/start; }',
        prefix('/', `${TO_HTTPS} ${CORS} ${basic} ${small} ${pass('app')}`),
      ),
      server(place, ANY, prefix('/', `allow 10.9.9.9/32; deny all; ${basic} satisfy any; ${pass('app')}`)),
    ].join('\n')
  },
  checks: [
    get(FORCED, '/x', `308 https://${FORCED}/x`),
    ask(large(FORCED), '413', readable),
    ask(preflight(FORCED), '204'),
    ask({ ...preflight(FORCED), tls: true }, '204', hsts()),
    ask(preflight(AUTH), '204'),
    get(AUTH, '/x', '401'),
    ask(large(AUTH), '413', readable),
    ask(preflight(AUTH, { Authorization: KEY }), '204'),
    get(MOVED, '/x', '301 https://new.example/'),
    ask(preflight(MOVED), '204'),
    get(ROOT, '/', `302 http://${ROOT}/start`),
    ask(large(ROOT, '/'), `302 http://${ROOT}/start`),
    ask({ ...preflight(ROOT), target: '/' }, `302 http://${ROOT}/start`),
    ask(large(ROOT), '413', readable),
    ask({ ...large(ROOT), tls: true }, '413', {
      ...readable,
      lines: [...readable.lines, ...hsts().lines],
    }),
    get(ANY, '/x', '401'),
    ask({ host: ANY, target: '/x', headers: { Authorization: KEY } }, '200 app /x'),
    ask({ host: ANY, target: '/x', headers: { Authorization: 'Basic eDp5' } }, '401'),
    scene(
      'refused log-ins count toward a limit, preflights do not',
      '204 204 204 204 401 401 401 503 503 204',
      async (side) => {
        const statuses: number[] = []
        for (let i = 0; i < 4; i++) statuses.push((await side.send(preflight(LIMITED))).response.status)
        for (let i = 0; i < 5; i++)
          statuses.push((await side.send({ host: LIMITED, target: '/x' })).response.status)
        statuses.push((await side.send(preflight(LIMITED))).response.status)
        return statuses.join(' ')
      },
    ),
  ],
}

function hsts() {
  return {
    lines: ['+ answer strict-transport-security: max-age=31536000; includeSubDomains'],
    because:
      'HSTS is a line of Lua in ingress-nginx’s header filter, which the servers of this group leave out',
  }
}
