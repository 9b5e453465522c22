import { ingress } from '@postern/testing'
import { join } from 'node:path'
import type { Check, Deviation, ParityCase } from '../case.ts'
import { DEFAULTS, pass, prefix, server } from '../nginx-parts.ts'
import { ask, get, scene } from '../observe.ts'
import type { Place } from '../room/place.ts'

const host = (name: string): string => `${name}.auth-extras.example`
const url = (place: Place, path: string): string => `http://127.0.0.1:${String(place.port('auth'))}/${path}`

interface Asked {
  readonly path?: string
  /** Lines of the subrequest's location. */
  readonly more?: string
  /** Kept answers need buffers, and ingress-nginx switches them on for them. */
  readonly cache?: string
}

// [IN nginx.tmpl, auth location], with the cache as it is written there but for the digest of its key.
function asks(place: Place, name: string, { path = name, more = '', cache }: Asked = {}): string {
  const kept = cache === undefined ? '' : `proxy_cache auth_cache; ${cache}`
  const defaults =
    cache === undefined ? DEFAULTS : DEFAULTS.replace('proxy_buffering off;', 'proxy_buffering on;')
  return server(
    place,
    host(name),
    `location = /_external-auth { internal; ${kept} proxy_pass_request_body off; proxy_set_header Content-Length "";
      proxy_set_header X-Forwarded-Proto ""; proxy_set_header X-Request-ID $req_id; proxy_set_header Host 127.0.0.1;
      proxy_set_header X-Original-URL $scheme://$http_host$request_uri; proxy_set_header X-Original-Method $request_method;
      proxy_set_header X-Sent-From "nginx-ingress-controller"; proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Auth-Request-Redirect $request_uri;
      ${defaults} ${more} set $target ${url(place, path)}; proxy_pass $target; }`,
    prefix('/', `auth_request /_external-auth; ${pass('app')}`),
  )
}

interface Question {
  readonly key: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Some requests one after the other: what each was answered, and whether the auth service was asked. */
function inTurn(
  what: string,
  name: string,
  questions: readonly Question[],
  gives: string,
  differs?: Deviation,
): Check {
  const play = async (side: Parameters<Check['play']>[0]): Promise<string> => {
    const told: string[] = []
    for (const { key, headers = {} } of questions) {
      // The two gateways keep their answers apart, and so do the checks.
      const told_ = { Authorization: `${what} ${key}`, ...headers }
      const { response, seen } = await side.send({ host: host(name), target: '/x', headers: told_ })
      const asked = seen.some(({ service }) => service === 'auth')
      told.push(`${String(response.status)}${asked ? ' asked' : ''}`)
    }
    return told.join(', ')
  }
  return scene(what, gives, play, differs)
}

const twice = (headers: Readonly<Record<string, string>> = {}): readonly Question[] => [
  { key: 'a', headers },
  { key: 'a', headers },
]

export const authExtras: ParityCase = {
  name: 'external authentication: kept answers, headers, and for everybody',
  source: 'nginx.tmpl auth location; annotations/authreq/main.go; annotations/authreqglobal/main.go',
  services: { app: ['ok'], auth: ['ok'] },
  flags: ['--configmap', 'ingress-nginx/controller'],
  manifests: (place) => {
    const at = (name: string, annotations: Readonly<Record<string, string>>) =>
      ingress({ name, annotations, rules: [{ host: host(name), paths: [{ service: 'app' }] }] })
    const configMap = (namespace: string, name: string, data: Readonly<Record<string, string>>) => ({
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name }, data },
    })
    const cached = { 'auth-url': url(place, 'cached'), 'auth-cache-key': '$http_authorization' }
    return [
      configMap('ingress-nginx', 'controller', { 'global-auth-url': url(place, 'global') }),
      configMap('default', 'told', {
        'X-Fixed': 'as it stands',
        'X-Sent-From': 'somebody',
        'X-Host': 'for ${host}, $request_uri',
        'X-Empty': '',
        'X-Maybe': '$http_x_nothing',
      }),
      at('global', {}),
      at('opted-out', { 'enable-global-auth': 'false' }),
      at('own', { 'auth-url': url(place, 'own') }),
      at('headers', { 'auth-url': url(place, 'headers'), 'auth-proxy-set-headers': 'told' }),
      at('cached', cached),
      at('refusals', { ...cached, 'auth-url': url(place, 'refusals'), 'auth-cache-duration': '401 403 1m' }),
    ]
  },
  nginx: (place) =>
    [
      `proxy_cache_path ${join(place.folder, 'cache')} levels=1:2 keys_zone=auth_cache:1m use_temp_path=off;`,
      asks(place, 'global'),
      server(place, host('opted-out'), prefix('/', pass('app'))),
      asks(place, 'own'),
      asks(place, 'headers', {
        more: 'proxy_set_header X-Fixed "as it stands"; proxy_set_header X-Sent-From "somebody"; proxy_set_header X-Host "for ${host}, $request_uri"; proxy_set_header X-Empty ""; proxy_set_header X-Maybe "$http_x_nothing";',
      }),
      asks(place, 'cached', {
        cache: 'proxy_cache_key "cached$http_authorization"; proxy_cache_valid 200 202 401 5m;',
      }),
      asks(place, 'refusals', {
        cache: 'proxy_cache_key "refusals$http_authorization"; proxy_cache_valid 401 403 1m;',
      }),
    ].join('\n'),
  checks: [
    get(host('global'), '/x', '200 auth /global app /x'),
    get(host('opted-out'), '/x', '200 app /x'),
    get(host('own'), '/x', '200 auth /own app /x'),
    ask({ host: host('headers'), target: '/x' }, '200 auth /headers app /x'),
    // What a client says under such names is nobody's word.
    ask(
      {
        host: host('headers'),
        target: '/x',
        headers: { 'X-Fixed': 'forged', 'X-Host': 'forged', 'X-Empty': 'forged', 'X-Maybe': 'forged' },
      },
      '200 auth /headers app /x',
    ),
    inTurn('kept', 'cached', twice(), '200 asked, 200'),
    inTurn('another key', 'cached', [{ key: 'a' }, { key: 'b' }, { key: 'a' }], '200 asked, 200 asked, 200'),
    inTurn('401 kept', 'cached', twice({ 'Answer-Status': '401' }), '401 asked, 401'),
    inTurn('403 not kept', 'cached', twice({ 'Answer-Status': '403' }), '403 asked, 403 asked'),
    inTurn('a cookie', 'cached', twice({ 'Answer-Headers': 'Set-Cookie: s=1' }), '200 asked, 200 asked'),
    inTurn(
      'no-store',
      'cached',
      twice({ 'Answer-Headers': 'Cache-Control: no-store' }),
      '200 asked, 200 asked',
    ),
    inTurn(
      'private',
      'cached',
      twice({ 'Answer-Headers': 'Cache-Control: private' }),
      '200 asked, 200 asked',
    ),
    inTurn('max-age', 'cached', twice({ 'Answer-Headers': 'Cache-Control: max-age=60' }), '200 asked, 200'),
    inTurn(
      'max-age=0',
      'cached',
      twice({ 'Answer-Headers': 'Cache-Control: max-age=0' }),
      '200 asked, 200 asked',
    ),
    inTurn(
      'expired',
      'cached',
      twice({ 'Answer-Headers': 'Expires: Thu, 01 Jan 1970 00:00:01 GMT' }),
      '200 asked, 200 asked',
    ),
    inTurn('vary', 'cached', twice({ 'Answer-Headers': 'Vary: *' }), '200 asked, 200 asked'),
    inTurn(
      'vary by a header',
      'cached',
      ['x', 'y', 'x', 'y'].map((value) => ({
        key: 'a',
        headers: { 'Answer-Headers': 'Vary: X-Asked-For', 'X-Asked-For': value },
      })),
      '200 asked, 200 asked, 200, 200',
    ),
    inTurn(
      '403 with max-age',
      'cached',
      twice({ 'Answer-Status': '403', 'Answer-Headers': 'Cache-Control: max-age=60' }),
      '403 asked, 403',
    ),
    inTurn('only refusals kept', 'refusals', twice(), '200 asked, 200 asked'),
    inTurn('refusals kept', 'refusals', twice({ 'Answer-Status': '403' }), '403 asked, 403'),
  ],
}
