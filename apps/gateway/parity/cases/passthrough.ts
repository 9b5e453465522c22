import { ingress, tlsSecret } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { DEFAULTS, headers, NOWHERE, pass, prefix } from '../nginx-parts.ts'
import { ask, get, scene } from '../observe.ts'
import type { Place } from '../room/place.ts'
import { namesShown } from '../room/side.ts'

const DOMAIN = 'passed.example'
const ROOTLESS = 'rootless.example'
const GONE = 'gone.example'
const OPEN = 'open.example'
/** Of the certificate that endpoints of kind `tls` show. */
const THEIRS = 'upstream.example'
const OURS = 'fallback.example'

const asked = { 'ssl-passthrough': 'true' }
const at = (host: string, ...paths: readonly (readonly [path: string, service: string])[]) => ({
  host,
  paths: paths.map(([path, service]) => ({ path, service })),
})

const shown = (serverName: string, gives: string) =>
  scene(`the certificate for ${serverName}`, gives, (side) =>
    namesShown(side.https, serverName).catch(() => 'closed'),
  )
const HSTS = {
  lines: ['+ answer strict-transport-security: max-age=31536000; includeSubDomains'],
  because:
    'HSTS is a line of Lua in ingress-nginx’s header filter, which the servers of this group leave out',
}

// ingress-nginx's TCP proxy has the HTTPS port, and hands to nginx, at a port of its own, what it does not lead elsewhere.
const inner = ({ port }: Place): string => `127.0.0.1:${String(port('inner'))}`

// template.go buildProxyPass: whatever leads to the backend of such a host's / speaks TLS to it.
const overTls = `${headers()} ${DEFAULTS} proxy_pass https://secure;`

function server(place: Place, names: string, ...inside: readonly string[]): string {
  const { certFile, keyFile } = place.certificate('fallback')
  return `server { listen 127.0.0.1:${String(place.http)}; listen ${inner(place)} ssl; server_name ${names};
    ssl_certificate ${certFile}; ssl_certificate_key ${keyFile};\n${inside.join('\n')}\n}`
}

export const passthrough: ParityCase = {
  name: 'TLS that is passed through',
  source:
    'pkg/tcpproxy/tcp.go Get and Handle; controller.go createServers and buildPassthroughBackends; template.go buildProxyPass',
  services: { secure: ['tls'], app: ['ok'], dead: ['refused'], inner: ['refused'] },
  certificates: { fallback: [OURS] },
  flags: ['--enable-ssl-passthrough', '--default-ssl-certificate', 'default/fallback'],
  modules: ['stream'],
  manifests: (place) => [
    tlsSecret('fallback', place.certificate('fallback')),
    ingress({
      name: 'passed',
      annotations: { ...asked, 'server-alias': `alias.${DOMAIN}` },
      rules: [at(DOMAIN, ['/', 'secure'], ['/app', 'app'], ['/more', 'secure'])],
    }),
    ingress({
      name: 'wild',
      annotations: asked,
      rules: [at(`*.wild.${DOMAIN}`, ['/', 'secure'])],
    }),
    ingress({ name: 'rootless', annotations: asked, rules: [at(ROOTLESS, ['/app', 'app'])] }),
    ingress({ name: 'gone', annotations: asked, rules: [at(GONE, ['/', 'dead'])] }),
    ingress({ name: 'open', rules: [at(OPEN, ['/', 'app'])] }),
    // Younger, and so unheard: the Ingress that opens a host decides.
    ingress({ name: 'late', annotations: asked, rules: [at(OPEN, ['/late', 'secure'])] }),
  ],
  // What has no Service is dialled at no address at all, which fails: a port that nobody has stands for it.
  stream: (place) => `map $ssl_preread_server_name $to {
      ${DOMAIN} 127.0.0.1:${String(place.port('secure'))};
      ${ROOTLESS} 127.0.0.1:${String(place.port('dead'))};
      ${GONE} 127.0.0.1:${String(place.port('dead'))};
      default ${inner(place)};
    }
    server { listen 127.0.0.1:${String(place.https)}; ssl_preread on; proxy_pass $to; }`,
  // nginx.tmpl tells upstreams the proxy's port.
  nginx: (place) =>
    `map $server_port $told { ${String(place.port('inner'))} ${String(place.https)}; default $server_port; }\n` +
    [
      server(
        place,
        `${DOMAIN} alias.${DOMAIN}`,
        `location / { ${overTls} }`,
        prefix('/app', pass('app')),
        prefix('/more', overTls),
      ),
      server(
        place,
        `~^(?<subdomain>[\\w-]+)\\.wild\\.${DOMAIN.replace('.', '\\.')}$`,
        `location / { ${overTls} }`,
      ),
      server(place, ROOTLESS, prefix('/app', pass('app')), NOWHERE),
      server(place, OPEN, `location / { ${pass('app')} }`, prefix('/late', pass('secure'))),
    ]
      .join('\n')
      .replaceAll('$server_port', '$told'),
  checks: [
    shown(DOMAIN, THEIRS),
    shown('PASSED.example', THEIRS),
    shown(`alias.${DOMAIN}`, OURS),
    shown(`eu.wild.${DOMAIN}`, OURS),
    shown(OPEN, OURS),
    shown('unknown.example', OURS),
    shown(ROOTLESS, 'closed'),
    shown(GONE, 'closed'),
    ask({ host: DOMAIN, target: '/x?y=1', tls: true }, '200 secure /x?y=1'),
    // Neither the path nor the Host header is looked at.
    ask({ host: DOMAIN, target: '/app', tls: true }, '200 secure /app'),
    ask({ host: OPEN, target: '/x', tls: true, serverName: DOMAIN }, '200 secure /x'),
    ask(
      { host: DOMAIN, target: '//a/../b', tls: true, method: 'POST', body: 'b'.repeat(100) },
      '200 secure //a/../b',
    ),
    get(DOMAIN, '/x', '200 secure /x'),
    get(DOMAIN, '/app', '200 app /app'),
    get(DOMAIN, '/more', '200 secure /more'),
    get(`eu.wild.${DOMAIN}`, '/x', '200 secure /x'),
    ask({ host: DOMAIN, target: '/x', tls: true, serverName: OPEN }, '200 secure /x', HSTS),
    ask({ host: OPEN, target: '/x', tls: true }, '200 app /x', HSTS),
  ],
}
