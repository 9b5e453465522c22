// The Ingress conformance features, as tables over the real gateway process with `--compat spec`.
// Source: kubernetes-sigs/ingress-controller-conformance, features/path_rules.feature and host_rules.feature, and
// https://kubernetes.io/docs/concepts/services-networking/ingress/ (Examples, Multiple matches, Hostname wildcards).
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ingress, rawRequest, serviceAt, startUpstream, toYaml, type Upstream } from '@postern/testing'
import { startPostern, type Postern } from './room/postern.ts'

const SERVICES = [
  'foo-exact',
  'foo-prefix',
  'foo-slash-exact',
  'aaa-bbb-prefix',
  'aaa-slash-bbb-prefix',
  'aaa-slash-bbb-slash-prefix',
  'root',
  'bbb-slash-prefix',
  'wildcard',
  'precise',
  'any',
  'default',
] as const

type ServiceName = (typeof SERVICES)[number]
type Row = readonly [path: string, seenBy: ServiceName | 404, pathSeen?: string]

const path = (text: string, pathType: 'Exact' | 'Prefix', service: ServiceName) => ({
  path: text,
  pathType,
  service,
})

// One host for each scenario of path_rules.feature and each row of the documentation's table.
const HOSTS = {
  'exact-path-rules': [path('/foo', 'Exact', 'foo-exact')],
  'exact-with-slash': [path('/foo/', 'Exact', 'foo-slash-exact')],
  'prefix-path-rules': [
    path('/foo', 'Prefix', 'foo-prefix'),
    path('/aaa/bbb', 'Prefix', 'aaa-slash-bbb-prefix'),
  ],
  'prefix-with-slash': [path('/foo/', 'Prefix', 'foo-prefix')],
  'mixed-path-rules': [path('/foo', 'Prefix', 'foo-prefix'), path('/foo', 'Exact', 'foo-exact')],
  'longest-wins': [
    path('/', 'Prefix', 'root'),
    path('/aaa', 'Prefix', 'aaa-bbb-prefix'),
    path('/aaa/bbb', 'Prefix', 'aaa-slash-bbb-prefix'),
  ],
  'trailing-slash-path-rules': [path('/aaa/bbb/', 'Prefix', 'aaa-slash-bbb-slash-prefix')],
  'part-of-an-element': [path('/aaa/bb', 'Prefix', 'aaa-bbb-prefix')],
  'all-paths': [path('/', 'Prefix', 'root')],
} as const

const PATHS: Readonly<Record<keyof typeof HOSTS, readonly Row[]>> = {
  'exact-path-rules': [
    ['/foo', 'foo-exact'],
    ['/foo?query=1', 'foo-exact'],
    ['/foo/', 404],
    ['/foo/bar', 404],
    ['/FOO', 404],
    ['/Foo', 404],
    ['/bar', 404],
    ['/', 404],
  ],
  'exact-with-slash': [
    ['/foo/', 'foo-slash-exact'],
    ['/foo', 404],
  ],
  'prefix-path-rules': [
    ['/foo', 'foo-prefix'],
    ['/foo/', 'foo-prefix'],
    ['/foo/bar', 'foo-prefix'],
    ['/foobar', 404],
    ['/FOO', 404],
    ['/aaa', 404],
    ['/aaa/bbb', 'aaa-slash-bbb-prefix'],
    ['/aaa/bbb/', 'aaa-slash-bbb-prefix'],
    ['/aaa/bbb/ccc', 'aaa-slash-bbb-prefix'],
    ['/aaa/bbbxyz', 404],
    ['/AAA/bbb', 404],
  ],
  'prefix-with-slash': [
    ['/foo', 'foo-prefix'],
    ['/foo/', 'foo-prefix'],
    ['/foo/bar', 'foo-prefix'],
    ['/foobar', 404],
  ],
  'mixed-path-rules': [
    ['/foo', 'foo-exact'],
    ['/foo/', 'foo-prefix'],
    ['/foo/bar', 'foo-prefix'],
  ],
  'longest-wins': [
    ['/', 'root'],
    ['/ccc', 'root'],
    ['/aaa', 'aaa-bbb-prefix'],
    ['/aaa/ccc', 'aaa-bbb-prefix'],
    ['/aaa/bbb', 'aaa-slash-bbb-prefix'],
    ['/aaa/bbb/ccc', 'aaa-slash-bbb-prefix'],
    ['/aaaa', 'root'],
  ],
  'trailing-slash-path-rules': [
    ['/aaa/bbb', 'aaa-slash-bbb-slash-prefix'],
    ['/aaa/bbb/', 'aaa-slash-bbb-slash-prefix'],
    ['/aaa/bbb/ccc', 'aaa-slash-bbb-slash-prefix'],
  ],
  'part-of-an-element': [
    ['/aaa/bbb', 404],
    ['/aaa/bb', 'aaa-bbb-prefix'],
    ['/aaa/bb/c', 'aaa-bbb-prefix'],
  ],
  'all-paths': [
    ['/', 'root'],
    ['/any/path', 'root'],
    ['/with//slashes', 'root', '/with/slashes'],
  ],
}

// host_rules.feature; the wildcard covers one label, and a host that no rule names has the default backend.
const REQUESTS: readonly (readonly [host: string, path: string, seenBy: ServiceName])[] = [
  ['foo.bar.com', '/', 'precise'],
  ['FOO.bar.COM', '/', 'precise'],
  ['foo.bar.com:8080', '/', 'precise'],
  ['bar.foo.com', '/', 'wildcard'],
  ['bar.foo.com:8080', '/', 'wildcard'],
  ['BAR.foo.com', '/', 'wildcard'],
  ['baz.bar.foo.com', '/', 'default'],
  ['foo.com', '/', 'default'],
  ['wildcard.foo.com.evil', '/', 'default'],
  ['subdomain.foo.bar.com', '/', 'default'],
  ['nobody.example', '/any', 'any'],
  ['nobody.example', '/other', 'default'],
]

// "If none of the hosts or paths match the HTTP request in the Ingress objects, the traffic is routed to your default backend"
// (kubernetes.io, Ingress, DefaultBackend); without one the features want 404.
describe.each([
  ['with a default backend', true],
  ['without one', false],
])('Ingress conformance, --compat spec, %s', (_, hasDefault) => {
  const upstreams: Upstream[] = []
  let folder = ''
  let postern: Postern | undefined

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'postern-conformance-'))
    const services = []
    for (const name of SERVICES) {
      const upstream = await startUpstream(name)
      upstreams.push(upstream)
      services.push(...serviceAt(name, [upstream.endpoint]))
    }
    const rules = Object.entries(HOSTS).map(([host, paths]) => ({ host, paths }))
    const manifests = [
      ...services,
      ingress({ name: 'paths', rules }),
      ingress({
        name: 'hosts',
        rules: [
          { host: '*.foo.com', paths: [path('/', 'Prefix', 'wildcard')] },
          { host: 'foo.bar.com', paths: [path('/', 'Prefix', 'precise')] },
          { paths: [path('/any', 'Prefix', 'any')] },
        ],
      }),
      ...(hasDefault ? [ingress({ name: 'default', defaultService: 'default' })] : []),
    ]
    await writeFile(join(folder, 'all.yaml'), toYaml(...manifests))
    postern = await startPostern(folder, ['--compat', 'spec'])
  })
  afterAll(async () => {
    await postern?.[Symbol.asyncDispose]()
    for (const upstream of upstreams) await upstream.close()
    await rm(folder, { recursive: true, force: true })
  })

  const answer = async (host: string, target: string): Promise<string> => {
    const request = `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`
    const { status, body } = await rawRequest({ port: postern!.http }, request)
    return status === 200 ? body : String(status)
  }

  const elsewhere = (target: string): string => (hasDefault ? `default ${target}` : '404')
  const rows = Object.entries(PATHS).flatMap(([host, of]) => of.map((row) => [host, ...row] as const))
  test.each(rows)('http://%s%s is served by %s', async (host, target, seenBy, pathSeen = target) => {
    const expected = seenBy === 404 ? elsewhere(target) : `${seenBy} ${pathSeen}`
    expect(await answer(host, target)).toBe(expected)
  })

  test.each(REQUESTS)('http://%s%s is served by %s', async (host, target, seenBy) => {
    const expected = seenBy === 'default' ? elsewhere(target) : `${seenBy} ${target}`
    expect(await answer(host, target)).toBe(expected)
  })
})
