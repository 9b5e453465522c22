// `postern diff --against` at Debian's nginx, configured as ingress-nginx would for the same manifests.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ingress, toYaml, type ManifestObject } from '@postern/testing'
import { findPartNamed } from '@postern/testing/parts'
import { catchAll, exact, NOWHERE, pass, prefix, regex, server } from '../parity/nginx-parts.ts'
import { startNginx } from '../parity/room/nginx.ts'
import type { Place } from '../parity/room/place.ts'
import { makePlace, services } from '../parity/room/room.ts'
import { startUpstreams } from '../parity/room/upstreams.ts'

const MAIN = join(import.meta.dirname, '../src/main.ts')

const program = findPartNamed('nginx')
if (program === undefined && process.env['E2E_REQUIRE'] === 'all')
  throw new Error('nginx is not installed, and E2E_REQUIRE=all asks for it')
if (program === undefined) console.warn('SKIPPED: diff --against at nginx: nginx is not installed')

type PathType = 'Exact' | 'ImplementationSpecific' | 'Prefix'

const rule = (host: string, path = '/', pathType: PathType = 'Prefix') => [
  { host, paths: [{ path, pathType, service: 'app' }] },
]

/** What nginx is set up for below; `edits` replaces annotations or path types by the name of the Ingress. */
function manifests(
  edits: { readonly target?: string; readonly cart?: PathType } = {},
): readonly ManifestObject[] {
  return [
    ingress({
      name: 'shop',
      rules: [...rule('shop.example', '/cart', edits.cart), ...rule('shop.example', '/terms', 'Exact')],
    }),
    ingress({
      name: 'away',
      annotations: { 'permanent-redirect': edits.target ?? 'https://new.example/' },
      rules: rule('away.example'),
    }),
    ingress({ name: 'root', annotations: { 'app-root': '/web' }, rules: rule('root.example') }),
    ingress({
      name: 'secure',
      annotations: { 'force-ssl-redirect': 'true' },
      rules: rule('secure.example', '/in'),
    }),
    ingress({ name: 'api', annotations: { 'enable-cors': 'true' }, rules: rule('api.example') }),
    ingress({
      name: 'versions',
      annotations: { 'rewrite-target': '/$2' },
      rules: rule('versions.example', '/(v1|v2)/(.*)', 'ImplementationSpecific'),
    }),
    ingress({ name: 'wild', rules: rule('*.wild.example', '/any') }),
  ]
}

// [IN nginx.tmpl]: redirects stand before proxy_pass in their locations.
function nginxServers(place: Place): string {
  const to = pass('app')
  const redirect = 'return 308 https://$host$request_uri;'
  // [IN config.go, NoTLSRedirectLocations]
  const acme = prefix('/.well-known/acme-challenge', pass('nowhere'))
  const preflight = `if ($request_method = OPTIONS) { return 204; }`
  return [
    server(place, 'shop.example', prefix('/cart', to), exact('/terms', to), NOWHERE),
    server(place, 'away.example', 'location / { return 301 https://new.example/; }'),
    server(place, 'root.example', 'if ($uri = /) { return 302 $scheme://$http_host/web; }', prefix('/', to)),
    // [IN controller.go, createServers]: the annotations hold for the location / that a host gets without a rule for it, too.
    server(place, 'secure.example', prefix('/in', redirect), prefix('/', redirect), acme),
    server(place, 'api.example', prefix('/', `${preflight} ${to}`)),
    server(place, 'versions.example', regex('/(v1|v2)/(.*)', to), NOWHERE),
    server(place, '*.wild.example', prefix('/any', to), NOWHERE),
    catchAll(place),
  ].join('\n')
}

const describeWithNginx = program === undefined ? describe.skip : describe

describeWithNginx('diff --against a running nginx', () => {
  const stack = new AsyncDisposableStack()
  let place: Place
  let backends: readonly ManifestObject[] = []

  beforeAll(async () => {
    const upstreams = stack.use(await startUpstreams({ app: ['ok'] }))
    place = await makePlace(upstreams)
    stack.defer(() => rm(place.folder, { recursive: true, force: true }))
    backends = services(upstreams)
    const servers = nginxServers(place)
    stack.use(await startNginx({ program: program ?? 'nginx', place, upstreams, servers, modules: [] }))
  })
  afterAll(() => stack.disposeAsync())

  async function compare(objects: readonly ManifestObject[]): Promise<Ended> {
    const file = join(place.folder, 'manifests.yaml')
    await writeFile(file, toYaml(...backends, ...objects))
    return run('diff', file, file, '--against', `http://127.0.0.1:${String(place.http)}`)
  }

  test('that serves the same manifests: every answer is as explained, exit 0', async () => {
    const { code, stdout } = await compare(manifests())
    expect(stdout).toMatch(/^Every answer is as explained \(\d{3} asked\)/)
    expect(stdout).toMatch(/\n\d{2,3} 404s are nginx’s built-in page, taken for the gateway’s own: /)
    expect(code).toBe(0)
  })

  test('that redirects elsewhere: those requests, and exit 1', async () => {
    const { code, stdout } = await compare(manifests({ target: 'https://newer.example/' }))
    expect(stdout).toContain('  explained: answered 301 to https://newer.example/\n')
    expect(stdout).toContain('  answered:  301 to https://new.example/\n')
    expect(stdout).not.toContain('http://shop.example')
    expect(code).toBe(1)
  })

  test('that serves more than the manifests say: those requests, and nothing else', async () => {
    const { code, stdout } = await compare(manifests({ cart: 'Exact' }))
    expect(stdout).toContain(
      'GET http://shop.example/cart/probe?probe=1\n  explained: answered 404 (no rule matches this host and path)\n  answered:  200\n',
    )
    expect(stdout).not.toMatch(/^GET http:\/\/(?!shop\.example\/cart)/m)
    expect(code).toBe(1)
  })
})

interface Ended {
  readonly code: number
  readonly stdout: string
}

function run(...words: readonly string[]): Promise<Ended> {
  const argv = ['--conditions=@postern/source', '--no-warnings', MAIN, ...words]
  return new Promise((resolve, reject) => {
    execFile(process.execPath, argv, (error, stdout, stderr) => {
      if (stderr !== '') reject(new Error(stderr))
      else if (error !== null && typeof error.code !== 'number') reject(error)
      else resolve({ code: Number(error?.code ?? 0), stdout })
    })
  })
}
