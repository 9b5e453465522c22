import { ingress, opaqueSecret, until } from '@postern/testing'
import type { Deviation, ParityCase } from '../case.ts'
import { DEFAULTS, headers, pass, prefix, server } from '../nginx-parts.ts'
import { get, scene } from '../observe.ts'
import type { Place } from '../room/place.ts'

const host = (name: string): string => `${name}.upstream-tls.example`
const BOTH = { 'proxy-ssl-secret': 'default/theirs', 'proxy-ssl-verify': 'on' }
const NAMED = { ...BOTH, 'proxy-ssl-name': 'upstream.example' }

// Each its own: nginx verifies a connection once, and another server would be given it again from the pool.
const secretOf = (name: string): string => `secret-${name}`

interface Spoken {
  readonly name: string
  readonly annotations: Readonly<Record<string, string>>
  /** What the server says of TLS to whoever is asked; nothing without a Secret. */
  readonly says?: {
    readonly verify: string
    readonly name?: string
    readonly foreign?: true
    readonly ciphers?: string
    readonly protocols?: string
  }
  /** Who may ask whom: an upstream by HTTPS, an auth service, a mirror. */
  readonly by?: 'auth-url' | 'mirror-target'
}

const SPOKEN: readonly Spoken[] = [
  { name: 'default', annotations: {} },
  { name: 'verified', annotations: NAMED, says: { verify: 'on', name: 'upstream.example' } },
  {
    name: 'misnamed',
    annotations: { ...NAMED, 'proxy-ssl-name': 'other.example' },
    says: { verify: 'on', name: 'other.example' },
  },
  {
    name: 'foreign',
    annotations: { ...NAMED, 'proxy-ssl-secret': 'default/foreign' },
    says: { verify: 'on', name: 'upstream.example', foreign: true },
  },
  {
    name: 'not-asked-for',
    annotations: { 'proxy-ssl-secret': 'default/foreign' },
    says: { verify: 'off', foreign: true },
  },
  {
    name: 'ciphers',
    annotations: {
      'proxy-ssl-secret': 'default/theirs',
      'proxy-ssl-ciphers': 'ECDHE-ECDSA-AES128-GCM-SHA256',
    },
    says: { verify: 'off', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' },
  },
  // The endpoint has no key for these.
  {
    name: 'no-cipher',
    annotations: { 'proxy-ssl-secret': 'default/theirs', 'proxy-ssl-ciphers': 'ECDHE-RSA-AES128-GCM-SHA256' },
    says: { verify: 'off', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' },
  },
  {
    name: 'newest',
    annotations: {
      'proxy-ssl-secret': 'default/theirs',
      'proxy-ssl-ciphers': 'ECDHE-RSA-AES128-GCM-SHA256',
      'proxy-ssl-protocols': 'TLSv1.2 TLSv1.3',
    },
    says: { verify: 'off', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256', protocols: 'TLSv1.2 TLSv1.3' },
  },
  // proxyssl/main.go Parse: nothing is read without the Secret.
  { name: 'no-secret', annotations: { 'proxy-ssl-verify': 'on' } },
  { name: 'auth', annotations: {}, by: 'auth-url' },
  {
    name: 'auth-verified',
    annotations: NAMED,
    says: { verify: 'on', name: 'upstream.example' },
    by: 'auth-url',
  },
  {
    name: 'auth-misnamed',
    annotations: { ...NAMED, 'proxy-ssl-name': 'other.example' },
    says: { verify: 'on', name: 'other.example' },
    by: 'auth-url',
  },
  { name: 'mirror', annotations: {}, by: 'mirror-target' },
]

// [IN nginx.tmpl, server with ProxySSL]: written into the server, so that it holds for all of its locations.
function tlsOf(place: Place, { says }: Spoken): string {
  if (says === undefined) return ''
  const ca = says.foreign ? place.authorityFile : place.upstreamAuthorityFile
  const name = says.name === undefined ? '' : `proxy_ssl_name ${says.name};`
  return `proxy_ssl_trusted_certificate ${ca}; proxy_ssl_ciphers ${says.ciphers ?? 'DEFAULT'}; proxy_ssl_protocols ${says.protocols ?? 'TLSv1.2'};
    proxy_ssl_verify ${says.verify}; proxy_ssl_verify_depth 1; ${name} proxy_ssl_server_name off;`
}

function serverOf(place: Place, one: Spoken): string {
  const at = `https://127.0.0.1:${String(place.port(secretOf(one.name)))}`
  const inside = {
    'auth-url': [
      // [IN nginx.tmpl, auth location].
      `location = /_external-auth { internal; proxy_pass_request_body off; proxy_set_header Content-Length "";
        proxy_ssl_server_name on; ${DEFAULTS} set $target ${at}/verify; proxy_pass $target; }`,
      prefix('/', `auth_request /_external-auth; ${pass('app')}`),
    ],
    'mirror-target': [
      `location = /_mirror { internal; proxy_set_header Host "127.0.0.1"; proxy_pass ${at}/copy; }`,
      prefix('/', `mirror /_mirror; ${pass('app')}`),
    ],
    upstream: [prefix('/', `${headers()} ${DEFAULTS} proxy_pass https://${secretOf(one.name)};`)],
  }[one.by ?? 'upstream']
  return server(place, host(one.name), tlsOf(place, one), ...inside)
}

const seen = (name: string, gives: string, differs?: Deviation) =>
  scene(
    name,
    gives,
    async (side) => {
      const { response, seen } = await side.send({ host: host(name), target: '/x' })
      return [String(response.status), ...seen.map(({ service, target }) => `${service} ${target}`)].join(' ')
    },
    differs,
  )

export const upstreamTls: ParityCase = {
  name: 'TLS to upstreams, auth services and mirrors',
  source: 'annotations/proxyssl/main.go Parse; controller.go getBackendServers; nginx.tmpl proxy_ssl_*',
  services: { app: ['ok'], ...Object.fromEntries(SPOKEN.map(({ name }) => [secretOf(name), ['tls']])) },
  manifests: (place) => [
    opaqueSecret('theirs', { 'ca.crt': place.upstreamAuthorityPem }),
    opaqueSecret('foreign', { 'ca.crt': place.authorityPem }),
    ...SPOKEN.map((one) => {
      const { name, annotations, by } = one
      const at = `https://127.0.0.1:${String(place.port(secretOf(one.name)))}`
      const asks =
        by === undefined
          ? { 'backend-protocol': 'HTTPS' }
          : { [by]: by === 'auth-url' ? `${at}/verify` : `${at}/copy` }
      return ingress({
        name,
        annotations: { ...annotations, ...asks },
        rules: [{ host: host(name), paths: [{ service: by === undefined ? secretOf(name) : 'app' }] }],
      })
    }),
  ],
  nginx: (place) => SPOKEN.map((one) => serverOf(place, one)).join('\n'),
  checks: [
    get(host('default'), '/x', '200 secret-default /x'),
    get(host('verified'), '/x', '200 secret-verified /x'),
    get(host('misnamed'), '/x', '502'),
    get(host('foreign'), '/x', '502'),
    get(host('not-asked-for'), '/x', '200 secret-not-asked-for /x'),
    get(host('ciphers'), '/x', '200 secret-ciphers /x'),
    seen('no-cipher', '502', {
      lines: ['- 502', '+ 200 secret-no-cipher /x'],
      because:
        'TLS 1.3, which has no such list, is spoken wherever the upstream knows it; ingress-nginx stays with 1.2 unless told otherwise',
    }),
    get(host('newest'), '/x', '200 secret-newest /x'),
    seen('no-secret', '200 secret-no-secret /x', {
      lines: ['- 200 secret-no-secret /x', '+ 502'],
      because:
        'ingress-nginx reads no proxy-ssl-* without proxy-ssl-secret; here who asks for verification has it, by the system’s authorities',
    }),
    seen('auth', '200 secret-auth /verify app /x'),
    seen('auth-verified', '200 secret-auth-verified /verify app /x'),
    seen('auth-misnamed', '500'),
    scene('mirror', '200 app /x secret-mirror /copy', async (side) => {
      const { response, seen } = await side.send({ host: host('mirror'), target: '/x' })
      const all = [...seen]
      await until('the copy', () => all.push(...side.take()) > 1)
      const told = all.map(({ service, target }) => `${service} ${target}`).sort()
      return [String(response.status), ...told].join(' ')
    }),
  ],
}
