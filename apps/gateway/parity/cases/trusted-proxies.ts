import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { DEFAULTS, prefix, server } from '../nginx-parts.ts'
import { ask, get } from '../observe.ts'

const HOST = 'behind.example'

// [IN nginx.tmpl, lua_ingress.rewrite] with use-forwarded-headers: realip sets the client, Lua the scheme, host and port.
const FORWARDED = `set $pass_access_scheme $scheme; set $pass_server_port $server_port; set $best_http_host $http_host;
  if ($http_x_forwarded_proto) { set $pass_access_scheme $http_x_forwarded_proto; }
  if ($http_x_forwarded_port) { set $pass_server_port $http_x_forwarded_port; }
  if ($http_x_forwarded_host ~ "^(?<first_host>[^,]+)") { set $best_http_host $first_host; }
  proxy_set_header Host $best_http_host; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;
  proxy_set_header X-Request-ID $req_id; proxy_set_header X-Real-IP $remote_addr; proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Host $best_http_host; proxy_set_header X-Forwarded-Port $pass_server_port;
  proxy_set_header X-Forwarded-Proto $pass_access_scheme; proxy_set_header X-Forwarded-Scheme $pass_access_scheme;
  proxy_set_header X-Scheme $pass_access_scheme; proxy_set_header X-Original-Forwarded-For $http_x_forwarded_for;
  proxy_set_header X-Original-Forwarded-Host $http_x_forwarded_host; proxy_set_header Proxy "";`

const sent = (headers: Readonly<Record<string, string>>) => ({ host: HOST, target: '/x', headers })

export const trustedProxies: ParityCase = {
  name: 'use-forwarded-headers behind a trusted proxy',
  source:
    'nginx.tmpl real_ip_header, real_ip_recursive; lua_ingress.lua rewrite; ConfigMap proxy-real-ip-cidr',
  services: { app: ['ok'] },
  flags: ['--configmap', 'ingress-nginx/controller'],
  manifests: () => [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'controller', namespace: 'ingress-nginx' },
      data: { 'use-forwarded-headers': 'true', 'proxy-real-ip-cidr': '127.0.0.0/8,10.0.0.0/8' },
    },
    ingress({ name: 'behind', rules: [{ host: HOST, paths: [{ service: 'app' }] }] }),
    ingress({
      name: 'listed',
      annotations: { 'whitelist-source-range': '192.0.2.0/24' },
      rules: [{ host: `listed.${HOST}`, paths: [{ service: 'app' }] }],
    }),
  ],
  nginx: (
    place,
  ) => `real_ip_header X-Forwarded-For; real_ip_recursive on; set_real_ip_from 127.0.0.0/8; set_real_ip_from 10.0.0.0/8;
    ${server(place, HOST, prefix('/', `${FORWARDED} ${DEFAULTS} proxy_pass http://app;`))}
    ${server(place, `listed.${HOST}`, prefix('/', `allow 192.0.2.0/24; deny all; ${FORWARDED} ${DEFAULTS} proxy_pass http://app;`))}`,
  checks: [
    get(HOST, '/x', '200 app /x'),
    ask(sent({ 'X-Forwarded-For': '192.0.2.7' }), '200 app /x'),
    ask(sent({ 'X-Forwarded-For': '6.6.6.6, 192.0.2.7, 10.1.1.1' }), '200 app /x'),
    ask(sent({ 'X-Forwarded-For': '10.2.2.2, 10.1.1.1' }), '200 app /x'),
    ask(sent({ 'X-Forwarded-For': 'nonsense' }), '200 app /x'),
    ask(sent({ 'X-Forwarded-For': '6.6.6.6, nonsense, 10.1.1.1' }), '200 app /x'),
    ask(sent({ 'X-Forwarded-For': '192.0.2.7:4711' }), '200 app /x'),
    ask(sent({ 'X-Forwarded-Host': 'a.example, b.example' }), '200 app /x'),
    ask(sent({ 'X-Forwarded-Proto': 'ftp' }), '200 app /x', {
      lines: [
        '- app x-forwarded-proto: ftp',
        '- app x-forwarded-scheme: ftp',
        '- app x-scheme: ftp',
        '+ app x-forwarded-proto: http',
        '+ app x-forwarded-scheme: http',
        '+ app x-scheme: http',
      ],
      because: 'a scheme that is neither http nor https is not believed, whoever says it',
    }),
    ask(
      sent({
        'X-Forwarded-Proto': 'https',
        'X-Forwarded-Port': '443',
        'X-Forwarded-Host': 'outside.example',
      }),
      '200 app /x',
    ),
    ask({ host: `listed.${HOST}`, target: '/x', headers: { 'X-Forwarded-For': '192.0.2.7' } }, '200 app /x'),
    ask({ host: `listed.${HOST}`, target: '/x', headers: { 'X-Forwarded-For': '198.51.100.1' } }, '403'),
  ],
}
