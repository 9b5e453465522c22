import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { RoutingTable } from '@postern/routing-table'
import { KNOWN_KEYS } from './annotations/known-keys.ts'
import { compileManifests, type Compiled } from './compile-manifests.ts'
import type { Manifest } from './manifest.ts'
import { DEFAULT_COMPILE_SETTINGS } from './settings.ts'

// What was published against ingress-nginx. There the texts became part of nginx's configuration; here they are data.
const LUA =
  '}\nlocation /own { content_by_lua_block { ngx.say(io.open("/var/run/secrets/token"):read("*a")) } }'
const ENGINE = '}}}\nssl_engine /proc/1/fd/7;\n#'

const PAYLOADS: readonly (readonly [cve: string, key: string, value: string])[] = [
  ['CVE-2021-25742', 'configuration-snippet', `lua_package_path "/tmp/?.lua";${LUA}`],
  ['CVE-2021-25742', 'server-snippet', LUA],
  ['CVE-2021-25746', 'auth-realm', `x";${LUA}`],
  ['CVE-2021-25746', 'upstream-vhost', `x;${LUA}`],
  ['CVE-2021-25746', 'cors-allow-headers', `X-A;${LUA}`],
  ['CVE-2023-5043', 'configuration-snippet', 'proxy_pass http://169.254.169.254/;'],
  ['CVE-2023-5043', 'auth-snippet', LUA],
  ['CVE-2023-5044', 'permanent-redirect', `https://x.example;${LUA}`],
  ['CVE-2023-5044', 'temporal-redirect', `https://x.example";${LUA}`],
  ['CVE-2024-7646', 'auth-tls-verify-client', `on;\r${LUA}`],
  ['CVE-2024-7646', 'auth-tls-error-page', `https://x.example\r${LUA}`],
  ['CVE-2025-1097', 'auth-tls-match-cn', `CN=abc #(\n){}\n${ENGINE}`],
  ['CVE-2025-1098', 'mirror-target', `https://x.example/;${ENGINE}`],
  ['CVE-2025-1098', 'mirror-host', `x.example;${ENGINE}`],
  ['CVE-2025-1974', 'auth-url', `http://x.example/#;${ENGINE}`],
  ['CVE-2025-24513', 'auth-secret', '../../../etc/nginx/passwd'],
  ['CVE-2025-24513', 'auth-secret', 'victim/users'],
  ['CVE-2025-24514', 'auth-url', 'http://x.example/#;}}}\nalias /;'],
  ['CVE-2026-1580', 'auth-method', `GET;${LUA}`],
  ['CVE-2026-3288', 'rewrite-target', `/$1" break;${LUA}`],
  ['CVE-2026-24513', 'custom-http-errors', '200;alias /;'],
  ['scope', 'server-alias', 'victim.example'],
  ['scope', 'proxy-ssl-secret', 'victim/users'],
  ['scope', 'auth-tls-secret', 'victim/users'],
  ['scope', 'custom-headers', 'victim/headers'],
  ['scope', 'auth-proxy-set-headers', 'victim/headers'],
]

const PATHS: readonly (readonly [cve: string, path: string])[] = [
  ['CVE-2021-25745', `/x { return 200; }${LUA}`],
  ['CVE-2022-4886', '/x/ { alias /; } location ~* ^/aa'],
  // Half of a character, which JSON can write and no URL can hold.
  ['half a character', '/x\ud800/'],
  ['endless', `/x(${'a'.repeat(100_000)})`],
  ['CVE-2026-24512', '/x";}\nlocation /own { alias /; } #'],
]

describe('published payloads change nothing for others, and are told', () => {
  test.each(PAYLOADS)('%s %s', (_cve, key, value) => {
    const { table, diagnostics } = compiled(evil({ annotations: { [key]: value } }))
    expectUntouched(table)
    expect(
      diagnostics.filter((d) => d.object?.namespace === 'evil' && d.code !== 'service-missing'),
    ).not.toEqual([])
    expect(executable(table)).not.toMatch(/lua|ssl_engine|alias|169\.254/)
  })

  test.each(PATHS)('%s path', (_cve, path) => {
    for (const pathType of ['Prefix', 'Exact', 'ImplementationSpecific']) {
      expectUntouched(compiled(evil({ path, pathType })).table)
      expectUntouched(compiled(evil({ path, pathType, annotations: { 'use-regex': 'true' } })).table)
    }
  })

  test('a Secret of another namespace is never read', () => {
    const { table } = compiled(evil({ annotations: { 'auth-type': 'basic', 'auth-secret': 'victim/users' } }))
    const route = table.hosts.find(({ host }) => host === 'evil.example')?.routes[0]
    expect(route).toMatchObject({ filters: [], target: { kind: 'fixed', status: 503 } })
  })
})

describe('random annotations', () => {
  const keys = [...KNOWN_KEYS.keys()]
  const nasty = fc.constantFrom(
    'true',
    'false',
    '0',
    '-1',
    '1e9',
    '',
    ' ',
    '$',
    '${',
    '$host',
    '/',
    'a/b',
    '(((',
    '*',
    '[]',
    'null',
    '10.0.0.0/8',
    'https://x',
    '\u0000',
    '\r\n',
    '%00',
    '😀',
  )
  const value = fc.oneof(
    nasty,
    fc.string({ maxLength: 80 }),
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.array(nasty, { maxLength: 6 }).map((parts) => parts.join('')),
  )
  const annotations = fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 12 })
  const runs = Number(process.env['FUZZ_RUNS'] ?? 60)

  test('never throw, never touch another Ingress', () => {
    fc.assert(
      fc.property(
        annotations,
        fc.constantFrom('ingress-nginx' as const, 'spec' as const),
        (given, compat) => {
          expectUntouched(compiled(evil({ annotations: given }), compat).table, compat)
        },
      ),
      { numRuns: runs },
    )
  })

  test('random objects never throw', () => {
    const anything = fc.anything({
      maxDepth: 4,
      key: fc.constantFrom(
        'rules',
        'host',
        'http',
        'paths',
        'path',
        'backend',
        'service',
        'name',
        'port',
        'number',
        'tls',
        'metadata',
        'x',
      ),
    })
    fc.assert(
      fc.property(
        fc.constantFrom('Ingress', 'Service', 'EndpointSlice', 'Secret', 'ConfigMap', 'IngressClass'),
        anything,
        (kind, spec) => {
          const apiVersion =
            {
              Ingress: 'networking.k8s.io/v1',
              IngressClass: 'networking.k8s.io/v1',
              EndpointSlice: 'discovery.k8s.io/v1',
            }[kind as string] ?? 'v1'
          expectUntouched(
            compiled({
              content: {
                apiVersion,
                kind,
                metadata: { name: 'x', namespace: 'evil' },
                spec,
                data: spec,
                endpoints: spec,
                ports: spec,
                addressType: 'IPv4',
              },
            }).table,
          )
        },
      ),
      { numRuns: runs },
    )
  })
})

interface Evil {
  readonly annotations?: Readonly<Record<string, string>>
  readonly path?: string
  readonly pathType?: string
}

function evil({ annotations = {}, path = '/', pathType = 'Prefix' }: Evil): Manifest {
  const prefixed = Object.fromEntries(
    Object.entries(annotations).map(([key, text]) => [`nginx.ingress.kubernetes.io/${key}`, text]),
  )
  return ingress('evil', prefixed, path, pathType)
}

function ingress(name: string, annotations: object, path = '/', pathType = 'Prefix'): Manifest {
  const backend = { service: { name: 'shop', port: { number: 80 } } }
  const rules = [{ host: `${name}.example`, http: { paths: [{ path, pathType, backend }] } }]
  const metadata = { name, namespace: name, annotations }
  return {
    content: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata,
      spec: { ingressClassName: 'nginx', rules },
    },
  }
}

const VICTIM: readonly Manifest[] = [
  ingress('victim', {}),
  {
    content: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'users', namespace: 'victim' },
      stringData: { auth: 'ann:hash', 'ca.crt': '-----BEGIN CERTIFICATE-----' },
    },
  },
  {
    content: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'headers', namespace: 'victim' },
      data: { 'X-A': 'b' },
    },
  },
]

function compiled(
  manifest: Manifest | undefined,
  compat: 'ingress-nginx' | 'spec' = 'ingress-nginx',
): Compiled {
  const manifests = manifest === undefined ? VICTIM : [...VICTIM, manifest]
  return compileManifests({ manifests, diagnostics: [] }, { ...DEFAULT_COMPILE_SETTINGS, compat })
}

function expectUntouched(table: RoutingTable, compat: 'ingress-nginx' | 'spec' = 'ingress-nginx'): void {
  const alone = ALONE[compat]
  const victim = (t: RoutingTable): string =>
    JSON.stringify(t.hosts.find(({ host }) => host === 'victim.example'))
  expect(victim(table)).toBe(victim(alone))
  expect(JSON.stringify(table.settings)).toBe(JSON.stringify(alone.settings))
  expect(JSON.stringify(table.certificates)).toBe(JSON.stringify(alone.certificates))
}

const ALONE = { 'ingress-nginx': compiled(undefined).table, spec: compiled(undefined, 'spec').table }

/** Everything of the evil host but the words that are for people. */
function executable(table: RoutingTable): string {
  const host = table.hosts.find((candidate) => candidate.host === 'evil.example')
  return (
    JSON.stringify(host, (key, part: unknown) => (key === 'reason' || key === 'id' ? undefined : part)) ?? ''
  )
}
