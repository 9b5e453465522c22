import { ingress, opaqueSecret, tlsSecret } from '@postern/testing'
import type { Check, ParityCase } from '../case.ts'
import { DEFAULTS, headers, prefix, server } from '../nginx-parts.ts'
import { ask, scene } from '../observe.ts'
import type { Place } from '../room/place.ts'

const host = (name: string): string => `${name}.mtls.example`

interface Guarded {
  readonly name: string
  readonly annotations: Readonly<Record<string, string>>
  /** What stands in the server, and what in the location. */
  readonly verify: string
  readonly inside?: string
  readonly depth?: number
}

const GUARDED: readonly Guarded[] = [
  { name: 'on', annotations: {}, verify: 'ssl_verify_client on;' },
  {
    name: 'optional',
    annotations: { 'auth-tls-verify-client': 'optional' },
    verify: 'ssl_verify_client optional;',
  },
  {
    name: 'no-ca',
    annotations: { 'auth-tls-verify-client': 'optional_no_ca' },
    verify: 'ssl_verify_client optional_no_ca;',
  },
  {
    name: 'deep',
    annotations: { 'auth-tls-verify-depth': '2' },
    verify: 'ssl_verify_client on;',
    depth: 2,
  },
  {
    name: 'flat',
    annotations: { 'auth-tls-verify-depth': '0' },
    verify: 'ssl_verify_client on;',
    depth: 0,
  },
  {
    name: 'cn',
    annotations: { 'auth-tls-match-cn': 'CN=an[n]' },
    verify: 'ssl_verify_client on;',
    inside: 'if ($ssl_client_s_dn !~ CN=an[n]) { return 403; }',
  },
  {
    name: 'page',
    annotations: { 'auth-tls-error-page': 'https://help.example/certificates' },
    verify: 'ssl_verify_client on; error_page 495 496 = https://help.example/certificates;',
  },
  {
    name: 'passed',
    annotations: { 'auth-tls-pass-certificate-to-upstream': 'true' },
    verify: 'ssl_verify_client on;',
    inside: 'proxy_set_header ssl-client-cert $ssl_client_escaped_cert;',
  },
]

// [IN nginx.tmpl, server and location with CertificateAuth].
function guarded(place: Place, { name, verify, inside = '', depth = 1 }: Guarded): string {
  const told = `proxy_set_header ssl-client-verify $ssl_client_verify;
    proxy_set_header ssl-client-subject-dn $ssl_client_s_dn; proxy_set_header ssl-client-issuer-dn $ssl_client_i_dn;`
  return server(
    place,
    host(name),
    `ssl_client_certificate ${place.authorityFile}; ssl_verify_depth ${String(depth)}; ${verify}`,
    prefix('/', `${inside} ${told} ${headers()} ${DEFAULTS} proxy_pass http://app;`),
  )
}

const HSTS = '+ answer strict-transport-security: max-age=31536000; includeSubDomains'
const HSTS_BECAUSE =
  'HSTS is a line of Lua in ingress-nginx’s header filter, which the servers of this group leave out; after FAILED nginx has OpenSSL’s sentence, Postern its code'

function over(name: string, gives: string, client?: string, lines: readonly string[] = []): Check {
  const request = { host: host(name), target: '/x', tls: true, ...(client !== undefined && { client }) }
  const check = ask(request, gives, {
    lines: [...lines.slice(0, 1), HSTS, ...lines.slice(1)],
    because: HSTS_BECAUSE,
  })
  return { ...check, name: `${check.name} by ${client ?? 'nobody'}` }
}

export const clientCertificates: ParityCase = {
  name: 'client certificates',
  source: 'annotations/authtls/main.go; nginx.tmpl ssl_verify_client and ssl-client-* headers',
  services: { app: ['ok'] },
  certificates: {
    server: GUARDED.map(({ name }) => host(name)),
    ann: ['ann'],
    // The expression is looked for in the whole subject, as RFC 2253 writes it.
    organised: ['ann', 'O=Acme, Inc.', 'OU=Ärzte'],
    sly: ['mallory', 'O=x,CN=ann'],
    longer: ['suzann'],
    bob: ['bob'],
    foreign: ['ann'],
    forged: ['ann'],
    below: ['ann'],
    far: ['ann'],
  },
  manifests: (place) => [
    tlsSecret('server', place.certificate('server')),
    opaqueSecret('authority', { 'ca.crt': place.authorityPem }),
    ...GUARDED.map(({ name, annotations }) =>
      ingress({
        name,
        annotations: { 'auth-tls-secret': 'default/authority', 'ssl-redirect': 'false', ...annotations },
        tls: [{ hosts: [host(name)], secretName: 'server' }],
        rules: [{ host: host(name), paths: [{ service: 'app' }] }],
      }),
    ),
  ],
  nginx: (place) => GUARDED.map((one) => guarded(place, one)).join('\n'),
  checks: [
    over('on', '400'),
    over('on', '200 app /x', 'ann'),
    over('on', '400', 'foreign'),
    over('optional', '200 app /x'),
    over('optional', '200 app /x', 'ann'),
    over('optional', '400', 'foreign'),
    over('no-ca', '200 app /x'),
    over('no-ca', '200 app /x', 'foreign', [
      '- app ssl-client-verify: FAILED:unable to verify the first certificate',
      '+ app ssl-client-verify: FAILED:UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ]),
    // ngx_ssl_verify_error_optional: only an unknown issuer is forgiven.
    over('no-ca', '400', 'forged'),
    over('on', '400', 'forged'),
    over('on', '200 app /x', 'below'),
    over('on', '400', 'far'),
    over('deep', '200 app /x', 'far'),
    over('flat', '200 app /x', 'ann'),
    over('flat', '400', 'below'),
    over('no-ca', '200 app /x', 'far', [
      '- app ssl-client-verify: FAILED:unable to get local issuer certificate',
      '+ app ssl-client-verify: FAILED:UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    ]),
    over('cn', '200 app /x', 'ann'),
    over('cn', '403', 'bob'),
    over('cn', '200 app /x', 'organised'),
    over('cn', '403', 'longer'),
    over('cn', '200 app /x', 'sly'),
    over('on', '200 app /x', 'sly'),
    over('page', '302 https://help.example/certificates'),
    over('page', '302 https://help.example/certificates', 'foreign'),
    over('page', '200 app /x', 'ann'),
    over('passed', '200 app /x', 'ann'),
    // What a client says about its own certificate is nobody's word.
    ask(
      { host: host('optional'), target: '/x', tls: true, headers: { 'ssl-client-verify': 'SUCCESS' } },
      '200 app /x',
      {
        lines: [HSTS],
        because: HSTS_BECAUSE,
      },
    ),
    // The handshake was for another host, whose rules are not these (421).
    ask({ host: host('on'), target: '/x', tls: true, serverName: host('optional'), client: 'ann' }, '421', {
      lines: [HSTS],
      because: HSTS_BECAUSE,
    }),
    scene(
      'over plain HTTP',
      '200',
      async (side) => String((await side.send({ host: host('on'), target: '/x' })).response.status),
      {
        lines: ['- 200', '+ 400'],
        because:
          'nginx demands a certificate of TLS clients only; here a host that demands one is not open without TLS',
      },
    ),
    scene('over plain HTTP where it is optional', '200', async (side) =>
      String((await side.send({ host: host('optional'), target: '/x' })).response.status),
    ),
  ],
}
