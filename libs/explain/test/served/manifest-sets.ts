import type { Endpoint } from '@postern/routing-table'
import {
  ingress,
  opaqueSecret,
  serviceAt,
  tlsSecret,
  type ManifestObject,
  type TestCertificate,
} from '@postern/testing'
import { Random } from './random.ts'

/** A set of manifests in the manner of a public chart or course, and what its requests are made of. */
export interface ManifestSetCase {
  readonly name: string
  readonly objects: readonly ManifestObject[]
  /** Present: it is asked about its own hosts and paths, also over TLS for these hosts. */
  readonly secureHosts?: readonly string[]
}

interface Parts {
  readonly endpoints: readonly Endpoint[]
  readonly certificate: TestCertificate
}

const SERVICES = ['web', 'api', 'users', 'tasks', 'admin', 'docs'] as const
type Rules = NonNullable<Parameters<typeof ingress>[0]['rules']>
const one = (host: string, ...paths: Rules[number]['paths']): Rules => [{ host, paths }]
type Annotations = Readonly<Record<string, string>>

/** Idioms of well-known charts and courses: what people write most (names changed). */
const MODELLED: Readonly<Record<string, readonly Parameters<typeof ingress>[0][]>> = {
  'single host': [{ name: 'web', rules: one('a.example', { service: 'web' }) }],
  'fan-out by path': [
    {
      name: 'fan',
      rules: one(
        'a.example',
        { path: '/', service: 'web' },
        { path: '/api', service: 'api' },
        { path: '/api/users', service: 'users' },
      ),
    },
  ],
  'strip a prefix': [
    {
      name: 'strip',
      annotations: { 'rewrite-target': '/$2' },
      rules: one('a.example', { path: '/api(/|$)(.*)', pathType: 'ImplementationSpecific', service: 'api' }),
    },
    { name: 'web', rules: one('a.example', { service: 'web' }) },
  ],
  'rewrite to root': [
    {
      name: 'root',
      annotations: { 'rewrite-target': '/' },
      rules: one('a.example', { path: '/app', service: 'api' }, { path: '/', service: 'web' }),
    },
  ],
  'regular expressions': [
    {
      name: 're',
      annotations: { 'use-regex': 'true' },
      rules: one(
        'a.example',
        { path: '/v[0-9]+/users', pathType: 'ImplementationSpecific', service: 'users' },
        { path: '/v[0-9]+', pathType: 'ImplementationSpecific', service: 'api' },
      ),
    },
  ],
  'exact and prefix': [
    {
      name: 'ep',
      rules: one(
        'a.example',
        { path: '/login', pathType: 'Exact', service: 'users' },
        { path: '/login', service: 'web' },
        { path: '/cart/', service: 'tasks' },
      ),
    },
  ],
  'wildcard host': [
    {
      name: 'wild',
      rules: [...one('*.example', { service: 'web' }), ...one('api.example', { service: 'api' })],
    },
  ],
  'any host': [
    { name: 'any', rules: [{ paths: [{ path: '/docs', service: 'docs' }] }] },
    { name: 'web', rules: one('a.example', { path: '/web', service: 'web' }) },
  ],
  'default backend': [
    { name: 'dflt', defaultService: 'docs' },
    { name: 'web', rules: one('a.example', { path: '/web', service: 'web' }) },
  ],
  'default backend of a host': [
    { name: 'own', defaultService: 'docs', rules: one('a.example', { path: '/web', service: 'web' }) },
  ],
  'canary by header': [
    { name: 'main', rules: one('a.example', { service: 'web' }) },
    {
      name: 'can',
      annotations: { canary: 'true', 'canary-by-header': 'x-canary' },
      rules: one('a.example', { service: 'api' }),
    },
  ],
  'canary by weight': [
    { name: 'main', rules: one('a.example', { service: 'web' }) },
    {
      name: 'can',
      annotations: { canary: 'true', 'canary-weight': '30' },
      rules: one('a.example', { service: 'api' }),
    },
  ],
  'canary by cookie': [
    { name: 'main', rules: one('a.example', { service: 'web' }) },
    {
      name: 'can',
      annotations: { canary: 'true', 'canary-by-cookie': 'beta', 'canary-weight': '50' },
      rules: one('a.example', { service: 'api' }),
    },
  ],
  cors: [
    {
      name: 'cors',
      annotations: { 'enable-cors': 'true', 'cors-allow-origin': 'https://a.example, https://*.b.example' },
      rules: one('a.example', { service: 'api' }),
    },
  ],
  'body limit': [
    { name: 'body', annotations: { 'proxy-body-size': '10' }, rules: one('a.example', { service: 'api' }) },
  ],
  'allow list': [
    {
      name: 'allow',
      annotations: { 'whitelist-source-range': '10.0.0.0/8' },
      rules: one('a.example', { path: '/admin', service: 'admin' }),
    },
    { name: 'web', rules: one('a.example', { service: 'web' }) },
  ],
  'deny list': [
    {
      name: 'deny',
      annotations: { 'denylist-source-range': '127.0.0.0/8' },
      rules: one('a.example', { path: '/admin', service: 'admin' }),
    },
  ],
  'permanent redirect': [
    {
      name: 'perm',
      annotations: { 'permanent-redirect': 'https://new.example$request_uri' },
      rules: one('a.example', { service: 'web' }),
    },
  ],
  'temporal redirect': [
    {
      name: 'temp',
      annotations: { 'temporal-redirect': 'https://new.example/' },
      rules: one('a.example', { service: 'web' }),
    },
  ],
  'app root': [
    { name: 'root', annotations: { 'app-root': '/web' }, rules: one('a.example', { service: 'web' }) },
  ],
  'force https': [
    {
      name: 'force',
      annotations: { 'force-ssl-redirect': 'true' },
      rules: one('a.example', { service: 'web' }),
    },
  ],
  tls: [
    {
      name: 'tls',
      tls: [{ hosts: ['a.example'], secretName: 'web-tls' }],
      rules: one('a.example', { service: 'web' }),
    },
  ],
  'www redirect': [
    {
      name: 'www',
      annotations: { 'from-to-www-redirect': 'true' },
      rules: one('a.example', { service: 'web' }),
    },
  ],
  alias: [
    {
      name: 'alias',
      annotations: { 'server-alias': 'b.example' },
      rules: one('a.example', { service: 'web' }),
    },
  ],
  'basic password': [
    {
      name: 'basic',
      annotations: { 'auth-type': 'basic', 'auth-secret': 'passwords' },
      rules: one('a.example', { service: 'admin' }),
    },
  ],
  'sticky cookie': [
    { name: 'sticky', annotations: { affinity: 'cookie' }, rules: one('a.example', { service: 'web' }) },
  ],
  'hash of the path': [
    {
      name: 'hash',
      annotations: { 'upstream-hash-by': '$request_uri' },
      rules: one('a.example', { service: 'web' }),
    },
  ],
  'other Host upstream': [
    {
      name: 'vhost',
      annotations: { 'upstream-vhost': 'inner.example' },
      rules: one('a.example', { service: 'web' }),
    },
  ],
  'no such service': [
    {
      name: 'gone',
      rules: one('a.example', { path: '/gone', service: 'gone' }, { path: '/', service: 'web' }),
    },
  ],
  'two teams, one host': [
    { name: 'alpha', rules: one('a.example', { path: '/x', service: 'web' }) },
    {
      name: 'beta',
      rules: one('a.example', { path: '/x', service: 'api' }, { path: '/x/y', service: 'users' }),
    },
  ],
  'denied by a bad value': [
    {
      name: 'bad',
      annotations: { 'auth-type': 'basic', 'auth-secret': 'nobody' },
      rules: one('a.example', { path: '/admin', service: 'admin' }),
    },
    { name: 'web', rules: one('a.example', { service: 'web' }) },
  ],
  'forwarded prefix': [
    {
      name: 'fp',
      annotations: { 'rewrite-target': '/$1', 'x-forwarded-prefix': '/api' },
      rules: one('a.example', { path: '/api/(.*)', pathType: 'ImplementationSpecific', service: 'api' }),
    },
  ],
}

// Hash of "secret" as htpasswd -s writes it.
export const HTPASSWD = 'ann:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ='

export function modelledSets(parts: Parts): readonly ManifestSetCase[] {
  return Object.entries(MODELLED).map(([name, options]) => ({
    name,
    objects: [...options.map((option) => ingress(option)), ...common(parts)],
  }))
}

/** A set that nobody would write by hand: hosts, paths and annotations thrown together. */
export function generatedSet(seed: number, parts: Parts): ManifestSetCase {
  const random = new Random(seed)
  const count = 2 + random.below(6)
  const objects = Array.from({ length: count }, (_, index) =>
    ingress({
      name: `i${String(index)}`,
      annotations: randomAnnotations(random),
      rules: Array.from({ length: 1 + random.below(3) }, () => randomRule(random)),
      ...(random.chance(0.2) && { defaultService: random.pick(SERVICES) }),
      ...(random.chance(0.2) && { tls: [{ hosts: ['a.example'], secretName: 'web-tls' }] }),
    }),
  )
  return { name: `generated ${String(seed)}`, objects: [...objects, ...common(parts)] }
}

const PATHS = [
  '/',
  '/api',
  '/api/',
  '/api/users',
  '/API',
  '/web',
  '/web/x',
  '/a.b',
  '/x',
  '/x/y',
  '/cart/',
] as const
const PATTERNS = ['/api(/|$)(.*)', '/v[0-9]+/(.*)', '/(web|docs)/?(.*)', '/x.*'] as const
const HOSTS = ['a.example', 'b.example', '*.example', 'www.a.example'] as const

function randomRule(random: Random): Rules[number] {
  const paths = Array.from({ length: 1 + random.below(4) }, () => {
    const service = random.pick(SERVICES)
    if (random.chance(0.3))
      return { path: random.pick(PATTERNS), pathType: 'ImplementationSpecific' as const, service }
    return {
      path: random.pick(PATHS),
      pathType: random.pick(['Exact', 'Prefix', 'Prefix'] as const),
      service,
    }
  })
  return random.chance(0.1) ? { paths } : { host: random.pick(HOSTS), paths }
}

const ANNOTATIONS: readonly Annotations[] = [
  {},
  {},
  {},
  { 'use-regex': 'true' },
  { 'rewrite-target': '/$2' },
  { 'rewrite-target': '/new' },
  { 'enable-cors': 'true' },
  { 'proxy-body-size': '20' },
  { 'app-root': '/web' },
  { 'upstream-vhost': 'inner.example' },
  { 'ssl-redirect': 'false' },
  { 'force-ssl-redirect': 'true' },
  { 'permanent-redirect': 'https://new.example/moved' },
  { 'whitelist-source-range': '127.0.0.1' },
  { 'server-alias': 'alias.example' },
]

function randomAnnotations(random: Random): Annotations {
  return { ...random.pick(ANNOTATIONS), ...(random.chance(0.3) && random.pick(ANNOTATIONS)) }
}

function common({ endpoints, certificate }: Parts): readonly ManifestObject[] {
  const services = SERVICES.flatMap((name, index) => {
    const own = endpoints[index % endpoints.length]
    const second = endpoints[(index + 1) % endpoints.length]
    return serviceAt(
      name,
      [own, ...(index < 2 ? [second] : [])].filter((found) => found !== undefined),
    )
  })
  return [...services, tlsSecret('web-tls', certificate), opaqueSecret('passwords', { auth: HTPASSWD })]
}
