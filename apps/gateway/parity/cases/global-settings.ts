import { ingress, opaqueSecret } from '@postern/testing'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ParityCase } from '../case.ts'
import { pass, prefix, server } from '../nginx-parts.ts'
import { ask, get, scene } from '../observe.ts'

const name = (short: string): string => `${short}.global.example`
const rule = (short: string) => [{ host: name(short), paths: [{ service: 'app' }] }]

// [IN nginx.tmpl]: the page of a global custom-http-errors, from the default backend.
const PAGE = `location @custom_418 { internal; proxy_intercept_errors off;
  proxy_set_header X-Code 418; proxy_set_header X-Format $http_accept; proxy_set_header X-Original-URI $request_uri;
  proxy_set_header X-Namespace default; proxy_set_header X-Ingress-Name plain; proxy_set_header X-Service-Name app;
  proxy_set_header X-Service-Port 80; proxy_set_header X-Request-ID $req_id; proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header Host $http_host; rewrite (.*) / break; proxy_pass http://pages; }`

export const globalSettings: ParityCase = {
  name: 'settings of the ConfigMap',
  source: 'internal/ingress/controller/config/config.go; nginx.tmpl, http block',
  services: { app: ['ok'], pages: ['ok'] },
  modules: ['lua'],
  flags: ['--configmap', 'ingress-nginx/controller', '--default-backend-service', 'default/pages'],
  manifests: () => [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'controller', namespace: 'ingress-nginx' },
      data: {
        'http-redirect-code': '301',
        'limit-req-status-code': '429',
        'proxy-body-size': '2k',
        hsts: 'false',
        'enable-underscores-in-headers': 'true',
        'custom-http-errors': '418',
        'force-ssl-redirect': 'false',
        'proxy-buffer-size': '8k',
        'proxy-set-headers': 'upstream',
      },
    },
    {
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'upstream', namespace: 'ingress-nginx' } },
      data: {
        'X-Asked': '$scheme://$host$request_uri',
        'X-By': '$remote_addr with $http_user_agent',
        'X-Empty': '',
        'X-Maybe': '$http_x_nothing',
      },
    },
    opaqueSecret('users', { auth: 'anna:{PLAIN}secret\n' }),
    ingress({ name: 'plain', rules: rule('plain') }),
    ingress({
      name: 'their-own',
      annotations: { 'disable-proxy-intercept-errors': 'true' },
      rules: rule('their-own'),
    }),
    ingress({ name: 'forced', annotations: { 'force-ssl-redirect': 'true' }, rules: rule('forced') }),
    ingress({ name: 'own', annotations: { 'proxy-body-size': '3k' }, rules: rule('own') }),
    ingress({
      name: 'limited',
      annotations: { 'limit-rpm': '1', 'limit-burst-multiplier': '2' },
      rules: rule('limited'),
    }),
    ingress({
      name: 'members',
      annotations: { 'auth-type': 'basic', 'auth-secret': 'users' },
      rules: rule('members'),
    }),
  ],
  nginx: (place) => {
    const users = join(place.folder, 'users')
    writeFileSync(users, 'anna:{PLAIN}secret\n')
    const app = pass('app').replace(
      'proxy_buffer_size 4k; proxy_buffers 4 4k;',
      'proxy_buffer_size 8k; proxy_buffers 4 8k;',
    )
    // nginx.tmpl: last in each location.
    const told =
      'proxy_set_header X-Asked "$scheme://$host$request_uri"; proxy_set_header X-By "$remote_addr with $http_user_agent"; proxy_set_header X-Empty ""; proxy_set_header X-Maybe "$http_x_nothing";'
    const inside = `client_max_body_size 2k; ${told} ${app}`
    const redirect = `rewrite_by_lua_block { if ngx.var.scheme == "http" then return ngx.redirect("https://" .. ngx.var.http_host .. ngx.var.request_uri, 301) end }`
    const errors = 'error_page 418 = @custom_418; proxy_intercept_errors on;'
    return `underscores_in_headers on; limit_req_zone $binary_remote_addr zone=global:1m rate=1r/m;
      ${server(place, name('plain'), errors, PAGE, prefix('/', inside))}
      ${server(place, name('their-own'), errors, PAGE, prefix('/', `proxy_intercept_errors off; ${inside}`))}
      ${server(place, name('forced'), prefix('/', `${redirect} ${inside}`))}
      ${server(place, name('own'), prefix('/', `client_max_body_size 3k; ${told} ${app}`))}
      ${server(place, name('limited'), 'limit_req_status 429;', prefix('/', `limit_req zone=global burst=2 nodelay; ${inside}`))}
      ${server(place, name('members'), prefix('/', `auth_basic ""; auth_basic_user_file ${users}; ${inside}`))}`
  },
  checks: [
    get(name('forced'), '/x', `301 https://${name('forced')}/x`),
    ask({ method: 'POST', host: name('plain'), target: '/x', body: 'b'.repeat(2048) }, '200 app /x'),
    ask({ method: 'POST', host: name('plain'), target: '/x', body: 'b'.repeat(2049) }, '413'),
    ask({ method: 'POST', host: name('own'), target: '/x', body: 'b'.repeat(3072) }, '200 app /x'),
    ask({ method: 'POST', host: name('own'), target: '/x', body: 'b'.repeat(3073) }, '413'),
    ask({ host: name('plain'), target: '/x', headers: { X_Under_Score: '1' } }, '200 app /x'),
    ask({ host: name('plain'), target: '/x', tls: true }, '200 app /x'),
    ask(
      {
        host: name('plain'),
        target: '/x?y=%20',
        headers: { 'User-Agent': 'me', 'X-Empty': 'e', 'X-Maybe': 'm' },
      },
      '200 app /x?y=%20',
    ),
    ask({ host: name('plain'), target: '/x', headers: { 'Answer-Status': '418' } }, '418 app /x pages /'),
    ask({ host: name('plain'), target: '/x', headers: { 'Answer-Status': '404' } }, '404 app /x'),
    ask({ host: name('their-own'), target: '/x', headers: { 'Answer-Status': '418' } }, '418 app /x'),
    ask({ host: name('plain'), target: '/x', headers: { 'Answer-Padding': '7000' } }, '200 app /x'),
    ask({ host: name('plain'), target: '/x', headers: { 'Answer-Padding': '9000' } }, '502 app /x'),
    get(name('members'), '/x', '401'),
    scene('limit-req-status-code', '200 200 200 429 429', async (side) => {
      const statuses: number[] = []
      for (let i = 0; i < 5; i++)
        statuses.push((await side.send({ host: name('limited'), target: '/' })).response.status)
      return statuses.join(' ')
    }),
  ],
}
