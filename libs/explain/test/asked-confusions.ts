import { ingress, serviceAt, type ManifestObject } from '@postern/testing'
import type { RequestWords } from '../src/request.ts'
import type { Confusion } from './confusions.ts'

/** A confusion that shows only when the request is asked for with its method, its headers and its client. */
export interface AskedConfusion extends Confusion {
  readonly words?: Omit<RequestWords, 'url'>
}

const HOST = 'shop.example'
const url = `http://${HOST}/`
const shop = serviceAt('shop', [{ address: '10.0.0.7', port: 8080 }])
const beta = serviceAt('beta', [{ address: '10.0.0.8', port: 8080 }])

type Rules = NonNullable<Parameters<typeof ingress>[0]['rules']>
type Path = NonNullable<Rules[number]['paths']>[number]

const at = (
  annotations: Readonly<Record<string, string>>,
  path: Path = { service: 'shop' },
  host = HOST,
): ManifestObject => ingress({ name: 'shop', annotations, rules: [{ host, paths: [path] }] })
const canary = (annotations: Readonly<Record<string, string>>): ManifestObject =>
  ingress({ name: 'shop-canary', annotations, rules: [{ host: HOST, paths: [{ service: 'beta' }] }] })

/** What people ask again and again about ingress-nginx. Text of the answers: testdata/asked-confusions.txt. */
export const ASKED_CONFUSIONS: readonly AskedConfusion[] = [
  {
    name: 'why 413',
    url,
    words: { method: 'POST', headers: ['Content-Length: 5000000'] },
    objects: [at({}), ...shop],
  },
  {
    name: 'why 413 though a size is set',
    url,
    words: { method: 'POST', headers: ['Content-Length: 5000000'] },
    objects: [at({ 'proxy-body-size': '8mb' }), ...shop],
  },
  {
    name: 'why a loop of 308 behind a load balancer',
    url,
    words: { headers: ['X-Forwarded-Proto: https'], from: '10.0.0.5' },
    objects: [at({ 'force-ssl-redirect': 'true' }), ...shop],
  },
  {
    name: 'why 403 though my address is on the list',
    url,
    words: { headers: ['X-Forwarded-For: 203.0.113.9'], from: '10.0.0.5' },
    objects: [at({ 'whitelist-source-range': '203.0.113.0/24' }), ...shop],
  },
  {
    name: 'why 403',
    url,
    words: { from: '203.0.113.9' },
    objects: [at({ 'denylist-source-range': '203.0.113.0/24' }), ...shop],
  },
  {
    name: 'why a loop over the sign-in page',
    url,
    objects: [
      at({
        'auth-url': 'http://auth.example/check',
        'auth-signin': 'https://$host/oauth2/start?rd=$request_uri',
      }),
      ...shop,
    ],
  },
  {
    name: 'why WebSockets close after a minute',
    url,
    words: { headers: ['Connection: Upgrade', 'Upgrade: websocket'] },
    objects: [at({}), ...shop],
  },
  {
    name: 'why every path arrives as /',
    url: `${url}api/users`,
    objects: [at({ 'rewrite-target': '/' }, { path: '/api', service: 'shop' }), ...shop],
  },
  {
    name: 'why the rewrite loses the path',
    url: `${url}api/users`,
    objects: [
      at(
        { 'rewrite-target': '/$2' },
        { path: '/api/(.*)', pathType: 'ImplementationSpecific', service: 'shop' },
      ),
      ...shop,
    ],
  },
  {
    name: 'why CORS refuses my page',
    url,
    words: { headers: ['Origin: https://admin.example'] },
    objects: [at({ 'enable-cors': 'true', 'cors-allow-origin': 'https://www.example' }), ...shop],
  },
  {
    name: 'why there is no CORS header',
    url,
    words: { headers: ['Origin: https://www.example'] },
    objects: [at({ 'cors-allow-origin': 'https://www.example' }), ...shop],
  },
  {
    name: 'why the header does not choose the canary',
    url,
    words: { headers: ['X-Beta: always'] },
    objects: [
      at({}),
      canary({ canary: 'true', 'canary-by-header': 'X-Beta', 'canary-by-header-value': 'yes' }),
      ...shop,
      ...beta,
    ],
  },
  {
    name: 'why nobody meets the canary',
    url,
    objects: [at({}), canary({ canary: 'true', 'canary-weight': '0' }), ...shop, ...beta],
  },
  {
    name: 'why the canary is ignored',
    url,
    objects: [at({}), canary({ 'canary-weight': '50' }), ...shop, ...beta],
  },
  {
    name: 'why the session does not stick',
    url: `${url}app/x`,
    objects: [
      at(
        { affinity: 'cookie', 'use-regex': 'true' },
        { path: '/app/(.*)', pathType: 'ImplementationSpecific', service: 'shop' },
      ),
      ...shop,
    ],
  },
  {
    name: 'why 400, The plain HTTP request was sent to HTTPS port',
    url,
    objects: [at({}), ...serviceAt('shop', [{ address: '10.0.0.7', port: 8443 }])],
  },
  {
    name: 'why 404 in small letters',
    url: `${url}api`,
    objects: [at({}, { path: '/Api', service: 'shop' }), ...shop],
  },
  {
    name: 'why 404 with a slash at the end',
    url: `${url}api/`,
    objects: [at({}, { path: '/api', pathType: 'Exact', service: 'shop' }), ...shop],
  },
  {
    name: 'why 404 within a segment',
    url: `${url}apis`,
    objects: [at({}, { path: '/api', service: 'shop' }), ...shop],
  },
  {
    name: 'why 404 beside an exact path',
    url: `${url}apis`,
    objects: [at({}, { path: '/api', pathType: 'Exact', service: 'shop' }), ...shop],
  },
  {
    name: 'why an exact path meets more',
    url: `${url}apis`,
    objects: [at({ 'use-regex': 'true' }, { path: '/api', pathType: 'Exact', service: 'shop' }), ...shop],
  },
  {
    name: 'why the wildcard does not cover two labels',
    url: `http://a.b.${HOST}/`,
    objects: [at({}, { service: 'shop' }, `*.${HOST}`), ...shop],
  },
  {
    name: 'why the wildcard does not cover the domain',
    url,
    objects: [at({}, { service: 'shop' }, `*.${HOST}`), ...shop],
  },
]
