import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import type { Place } from '../room/place.ts'
import { DEFAULTS, pass, prefix, server } from '../nginx-parts.ts'
import { ask, get } from '../observe.ts'

const HOST = 'guarded.example'
const SIGNIN = 'signin.example'
const CUSTOM = 'custom.example'
const DOWN = 'down.example'
const ALWAYS = 'always.example'

const url = (place: Place, service = 'auth'): string =>
  `http://127.0.0.1:${String(place.port(service))}/verify`

// [IN nginx.tmpl]: the internal location of the subrequest.
function verify(place: Place, { service = 'auth', more = '', redirect = '$request_uri' } = {}): string {
  return `location = /_external-auth { internal; proxy_pass_request_body off; proxy_set_header Content-Length "";
    proxy_set_header X-Forwarded-Proto ""; proxy_set_header X-Request-ID $req_id; proxy_set_header Host 127.0.0.1;
    proxy_set_header X-Original-URL $scheme://$http_host$request_uri; proxy_set_header X-Original-Method $request_method;
    proxy_set_header X-Sent-From "nginx-ingress-controller"; proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Auth-Request-Redirect ${redirect};
    ${DEFAULTS} ${more} set $target ${url(place, service)}; proxy_pass $target; }`
}

const asked = `auth_request /_external-auth; auth_request_set $auth_cookie $upstream_http_set_cookie; add_header Set-Cookie $auth_cookie;`
const escaped = `set_by_lua_block $escaped_request_uri { return ngx.escape_uri(ngx.var.request_uri) }`

export const externalAuth: ParityCase = {
  name: 'external authentication and sign-in',
  source:
    'nginx.tmpl: auth location, auth_request, signin location; template.go buildAuthSignURL, buildAuthResponseHeaders',
  services: { app: ['ok'], auth: ['ok'], dead: ['refused'] },
  modules: ['lua'],
  manifests: (place) => [
    ingress({
      name: 'guarded',
      annotations: { 'auth-url': url(place), 'auth-response-headers': 'X-User, X-Groups' },
      rules: [
        {
          host: HOST,
          paths: [
            { path: '/app', service: 'app' },
            { path: '/.well-known/acme-challenge', service: 'app' },
          ],
        },
      ],
    }),
    ingress({
      name: 'signin',
      annotations: { 'auth-url': url(place), 'auth-signin': 'https://login.example/start?x=1' },
      rules: [{ host: SIGNIN, paths: [{ path: '/app', service: 'app' }] }],
    }),
    ingress({
      name: 'custom',
      annotations: {
        'auth-url': url(place),
        'auth-method': 'POST',
        'auth-signin': 'https://login.example/start',
        'auth-signin-redirect-param': 'back',
        'auth-request-redirect': 'https://custom.example/fixed',
      },
      rules: [{ host: CUSTOM, paths: [{ path: '/app', service: 'app' }] }],
    }),
    ingress({
      name: 'always',
      annotations: {
        'auth-url': `${url(place)}?host=$host&uri=$request_uri`,
        'auth-always-set-cookie': 'true',
      },
      rules: [{ host: ALWAYS, paths: [{ path: '/app', service: 'app' }] }],
    }),
    ingress({
      name: 'down',
      annotations: { 'auth-url': url(place, 'dead') },
      rules: [{ host: DOWN, paths: [{ path: '/app', service: 'app' }] }],
    }),
  ],
  nginx: (place) => {
    const responseHeaders = `auth_request_set $h0 $upstream_http_x_user; proxy_set_header X-User $h0; auth_request_set $h1 $upstream_http_x_groups; proxy_set_header X-Groups $h1;`
    return [
      server(
        place,
        HOST,
        verify(place),
        prefix('/app', `${asked} ${responseHeaders} ${pass('app')}`),
        prefix('/.well-known/acme-challenge', pass('app')),
        `location / { ${asked} ${pass('nowhere')} }`,
      ),
      server(
        place,
        SIGNIN,
        verify(place),
        `location @signin { internal; add_header Set-Cookie $auth_cookie; return 302 https://login.example/start?x=1&rd=$scheme://$http_host$escaped_request_uri; }`,
        prefix('/app', `${asked} ${escaped} error_page 401 = @signin; ${pass('app')}`),
      ),
      server(
        place,
        CUSTOM,
        verify(place, {
          more: 'proxy_method POST; proxy_set_header X-Original-URI $request_uri; proxy_set_header X-Scheme $scheme;',
          redirect: 'https://custom.example/fixed',
        }),
        `location @signin { internal; add_header Set-Cookie $auth_cookie; return 302 https://login.example/start?back=$scheme://$http_host$escaped_request_uri; }`,
        prefix('/app', `${asked} ${escaped} error_page 401 = @signin; ${pass('app')}`),
      ),
      server(
        place,
        ALWAYS,
        verify(place).replace('/verify;', '/verify?host=$host&uri=$request_uri;'),
        prefix('/app', `${asked.replace(/auth_cookie;$/, 'auth_cookie always;')} ${pass('app')}`),
      ),
      server(place, DOWN, verify(place, { service: 'dead' }), prefix('/app', `${asked} ${pass('app')}`)),
    ].join('\n')
  },
  checks: [
    get(HOST, '/app/x?y=1', '200 auth /verify app /app/x?y=1'),
    ask({ method: 'POST', host: HOST, target: '/app', body: 'a=1' }, '200 auth /verify app /app'),
    ask(
      {
        host: HOST,
        target: '/app',
        headers: {
          'Answer-Headers': 'X-User: anna|X-Groups: a,b|Set-Cookie: s=1',
          'X-User': 'forged',
          Cookie: 'c=1',
        },
      },
      '200 auth /verify app /app',
    ),
    ask({ host: HOST, target: '/app', headers: { 'Answer-Status': '401' } }, '401 auth /verify'),
    ask(
      {
        host: HOST,
        target: '/app',
        headers: { 'Answer-Status': '401', 'Answer-Headers': 'WWW-Authenticate: Bearer' },
      },
      '401 auth /verify',
    ),
    ask({ host: HOST, target: '/app', headers: { 'Answer-Status': '403' } }, '403 auth /verify'),
    ask({ host: HOST, target: '/app', headers: { 'Answer-Status': '302' } }, '500 auth /verify'),
    ask({ host: HOST, target: '/app', headers: { 'Answer-Status': '503' } }, '500 auth /verify'),
    ask(
      { host: HOST, target: '/app', headers: { 'X-Original-URL': 'http://evil/', 'X-Sent-From': 'me' } },
      '200 auth /verify app /app',
    ),
    ask(
      { host: HOST, target: '/app', headers: { 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '6.6.6.6' } },
      '200 auth /verify app /app',
    ),
    get(HOST, '/other', '404 auth /verify'),
    get(HOST, '/.well-known/acme-challenge/t', '200 app /.well-known/acme-challenge/t'),
    get(SIGNIN, '/app', '200 auth /verify app /app'),
    ask(
      { host: SIGNIN, target: '/app/a b?q=1&r=2'.replace(' ', '%20'), headers: { 'Answer-Status': '401' } },
      '302 https://login.example/start?x=1&rd=http://signin.example%2Fapp%2Fa%2520b%3Fq%3D1%26r%3D2 auth /verify',
    ),
    ask(
      {
        host: `${SIGNIN}:8080`,
        target: '/app',
        headers: { 'Answer-Status': '401', 'Answer-Headers': 'Set-Cookie: csrf=1' },
      },
      '302 https://login.example/start?x=1&rd=http://signin.example:8080%2Fapp auth /verify',
    ),
    ask({ host: SIGNIN, target: '/app', headers: { 'Answer-Status': '403' } }, '403 auth /verify'),
    ask({ host: CUSTOM, target: '/app', headers: { 'Answer-Status': '204' } }, '204 auth /verify app /app'),
    ask(
      { host: CUSTOM, target: '/app', headers: { 'Answer-Status': '401' } },
      '302 https://login.example/start?back=http://custom.example%2Fapp auth /verify',
    ),
    get(ALWAYS, '/app/x?y=1', '200 auth /verify?host=always.example&uri=/app/x?y=1 app /app/x?y=1'),
    ask(
      { host: ALWAYS, target: '/app', headers: { 'Answer-Headers': 'Set-Cookie: s=1|Set-Cookie: t=2' } },
      '200 auth /verify?host=always.example&uri=/app app /app',
    ),
    ask(
      {
        host: ALWAYS,
        target: '/app',
        headers: { 'Answer-Status': '403', 'Answer-Headers': 'Set-Cookie: s=1' },
      },
      '403 auth /verify?host=always.example&uri=/app',
    ),
    get(DOWN, '/app', '500'),
  ],
}
