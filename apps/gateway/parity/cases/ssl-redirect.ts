import { ingress, tlsSecret } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { DEFAULTS, headers, NOWHERE, pass, prefix, server } from '../nginx-parts.ts'
import { ask, get } from '../observe.ts'

const HOST = 'a.secure.example'
const KEPT = 'kept.secure.example'
const OFF = 'off.secure.example'
const PLAIN = 'plain.example'
const FORCED = 'forced.example'

// What lua_ingress.rewrite does when the scheme is http: location configuration is told in place of its Lua table.
const toHttps = (preserve: boolean): string => `rewrite_by_lua_block {
  if ngx.var.scheme ~= "http" then return end
  local target = ngx.var.request_uri
  if not ${String(preserve)} and target:sub(-1) == "/" then target = target:sub(1, -2) end
  return ngx.redirect("https://" .. ngx.var.http_host:match("^[^:]*") .. target, 308)
}`
const HSTS = `header_filter_by_lua_block {
  if ngx.var.scheme == "https" then ngx.header["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains" end
}`
const acme = (service: string): string =>
  prefix('/.well-known/acme-challenge', `${HSTS} ${headers()} ${DEFAULTS} proxy_pass http://${service};`)

export const sslRedirect: ParityCase = {
  name: 'redirects to HTTPS',
  source:
    'rootfs/etc/nginx/lua/lua_ingress.lua redirect_to_https and rewrite; config.go NoTLSRedirectLocations',
  services: { shop: ['ok'], acme: ['ok'] },
  modules: ['lua'],
  manifests: ({ certPem, keyPem }) => [
    tlsSecret('secure', { certPem, keyPem }),
    ingress({
      name: 'secure',
      tls: [{ hosts: [HOST], secretName: 'secure' }],
      rules: [
        {
          host: HOST,
          paths: [
            { path: '/', service: 'shop' },
            { path: '/.well-known/acme-challenge', service: 'acme' },
          ],
        },
      ],
    }),
    ingress({
      name: 'kept',
      annotations: { 'preserve-trailing-slash': 'true' },
      tls: [{ hosts: [KEPT], secretName: 'secure' }],
      rules: [{ host: KEPT, paths: [{ service: 'shop' }] }],
    }),
    ingress({
      name: 'off',
      annotations: { 'ssl-redirect': 'false' },
      tls: [{ hosts: [OFF], secretName: 'secure' }],
      rules: [{ host: OFF, paths: [{ service: 'shop' }] }],
    }),
    ingress({ name: 'plain', rules: [{ host: PLAIN, paths: [{ service: 'shop' }] }] }),
    ingress({
      name: 'forced',
      annotations: { 'force-ssl-redirect': 'true' },
      rules: [{ host: FORCED, paths: [{ path: '/only', service: 'shop' }] }],
    }),
  ],
  nginx: (place) =>
    [
      server(place, HOST, prefix('/', `${toHttps(false)} ${HSTS} ${pass('shop')}`), acme('acme')),
      server(place, KEPT, prefix('/', `${toHttps(true)} ${HSTS} ${pass('shop')}`)),
      server(place, OFF, prefix('/', `${HSTS} ${pass('shop')}`)),
      server(place, PLAIN, prefix('/', `${HSTS} ${pass('shop')}`)),
      server(
        place,
        FORCED,
        prefix('/only', `${toHttps(false)} ${HSTS} ${pass('shop')}`),
        NOWHERE.replace('{', `{ ${toHttps(false)}`),
      ),
    ].join('\n'),
  checks: [
    get(HOST, '/a/b?c=d', `308 https://${HOST}/a/b?c=d`),
    get(HOST, '/', `308 https://${HOST}`),
    get(HOST, '/folder/', `308 https://${HOST}/folder`),
    // The slash that goes may belong to the query: the last character of the whole target decides.
    get(HOST, '/folder?next=/', `308 https://${HOST}/folder?next=`),
    get(HOST, '/folder/?a', `308 https://${HOST}/folder/?a`),
    get(HOST, '//x/../y', `308 https://${HOST}//x/../y`),
    get(`${HOST}:8080`, '/x', `308 https://${HOST}/x`),
    get('A.SECURE.example', '/x', '308 https://A.SECURE.example/x'),
    ask({ method: 'POST', host: HOST, target: '/form', body: 'a=1' }, `308 https://${HOST}/form`),
    ask({ host: HOST, target: '/x', headers: { 'X-Forwarded-Proto': 'https' } }, `308 https://${HOST}/x`),
    get(HOST, '/.well-known/acme-challenge/token', '200 acme /.well-known/acme-challenge/token'),
    ask({ host: HOST, target: '/x', tls: true }, '200 shop /x'),
    get(KEPT, '/folder/', `308 https://${KEPT}/folder/`),
    get(OFF, '/x', '200 shop /x'),
    ask({ host: OFF, target: '/x', tls: true }, '200 shop /x'),
    get(PLAIN, '/x', '200 shop /x'),
    get(FORCED, '/only/x', `308 https://${FORCED}/only/x`),
    get(FORCED, '/none', `308 https://${FORCED}/none`),
  ],
}
