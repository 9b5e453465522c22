import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ingress, opaqueSecret } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { NOWHERE, pass, prefix, server } from '../nginx-parts.ts'
import { ask, get } from '../observe.ts'

const HOST = 'basic.example'
const MAP = 'map.example'
const BAD = 'bad.example'
// The password is `secret` in each: apr1 MD5 (openssl passwd -apr1 -salt abcdefgh secret), SHA-1, plain text, and what crypt(3)
// verifies: bcrypt (htpasswd -B), MD5, SHA-256, SHA-512, DES, and bcrypt as slow as careful people want it (htpasswd -B -C 14).
const USERS = [
  'anna:$apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/',
  'ben:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=',
  'carl:{PLAIN}secret',
  'eve:$2y$04$O4bAFBjSVY5LKV/njXRtRu8u2RKckXL0q7UOShP3Oxz9Zrs.9K3ey',
  'fred:$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1',
  'gil:$5$abcdefgh$gruCpC7VkOTspMQTTSAR8mtlO9Upms.fwqE5y16JVM.',
  'hal:$6$abcdefgh$ltjgWl6579NluT/Vi1nwEvcil.G5Nbc4NiXZaNGStk8PSwGfQv72N2CKPPrVACtLtip/cZ/1GM/O6IND4WQhG.',
  'ida:abNANd1rDfiNc',
  'jan:$2y$14$p.PDLZjapD27L5CiANtIYuD5t0uZex0U4M4izehcq.6okm2vzTV2q',
]

const as = (host: string, credentials: string) => ({
  host,
  target: '/x',
  headers: { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
})

export const basicAuth: ParityCase = {
  name: 'basic authentication',
  source: 'annotations/auth/main.go; nginx.tmpl: auth_basic and an empty Authorization toward the upstream',
  services: { app: ['ok'] },
  manifests: () => [
    opaqueSecret('users', { auth: `${USERS.join('\n')}\n` }),
    opaqueSecret('by-user', { dora: '{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=' }),
    ingress({
      name: 'basic',
      annotations: { 'auth-type': 'basic', 'auth-secret': 'users', 'auth-realm': 'Members only' },
      rules: [{ host: HOST, paths: [{ path: '/x', service: 'app' }] }],
    }),
    ingress({
      name: 'map',
      annotations: { 'auth-type': 'basic', 'auth-secret': 'default/by-user', 'auth-secret-type': 'auth-map' },
      rules: [{ host: MAP, paths: [{ path: '/x', service: 'app' }] }],
    }),
    ingress({
      name: 'bad',
      annotations: { 'auth-type': 'basic', 'auth-secret': 'nobody' },
      rules: [{ host: BAD, paths: [{ path: '/x', service: 'app' }] }],
    }),
  ],
  nginx: (place) => {
    const [users, byUser] = [join(place.folder, 'users'), join(place.folder, 'by-user')]
    writeFileSync(users, `${USERS.join('\n')}\n`)
    writeFileSync(byUser, 'dora:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n')
    const secured = (realm: string, file: string): string =>
      `auth_basic "${realm}"; auth_basic_user_file ${file}; proxy_set_header Authorization ""; ${pass('app')}`
    return [
      server(
        place,
        HOST,
        prefix('/x', secured('Members only', users)),
        NOWHERE.replace('{', `{ auth_basic "Members only"; auth_basic_user_file ${users};`),
      ),
      server(place, MAP, prefix('/x', secured('', byUser))),
      // A Secret that is not there denies the location.
      server(place, BAD, 'location / { return 503; }'),
    ].join('\n')
  },
  checks: [
    get(HOST, '/x', '401'),
    ask(as(HOST, 'anna:secret'), '200 app /x'),
    ask(as(HOST, 'ben:secret'), '200 app /x'),
    ask(as(HOST, 'carl:secret'), '200 app /x'),
    ask(as(HOST, 'eve:secret'), '200 app /x'),
    ask(as(HOST, 'eve:wrong'), '401'),
    ask(as(HOST, 'fred:secret'), '200 app /x'),
    ask(as(HOST, 'gil:secret'), '200 app /x'),
    ask(as(HOST, 'hal:secret'), '200 app /x'),
    ask(as(HOST, 'hal:wrong'), '401'),
    ask(as(HOST, 'ida:wrong'), '401'),
    ask(as(HOST, 'jan:secret'), '200 app /x'),
    ask(as(HOST, 'jan:wrong'), '401'),
    ask(as(HOST, 'anna:wrong'), '401'),
    ask(as(HOST, 'nobody:secret'), '401'),
    ask(as(HOST, 'anna'), '401'),
    ask(as(HOST, 'anna:'), '401'),
    ask({ host: HOST, target: '/x', headers: { Authorization: 'Bearer abc' } }, '401'),
    ask({ host: HOST, target: '/x', headers: { Authorization: 'basic YW5uYTpzZWNyZXQ=' } }, '200 app /x'),
    ask({ host: HOST, target: '/x', headers: { Authorization: 'Basic %%%' } }, '401'),
    ask({ method: 'OPTIONS', host: HOST, target: '/x' }, '401'),
    get(HOST, '/elsewhere', '401'),
    ask(as(MAP, 'dora:secret'), '200 app /x'),
    get(MAP, '/x', '401'),
    get(BAD, '/x', '503'),
    ask(as(BAD, 'anna:secret'), '503'),
  ],
}
