import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { PathMatch } from '@postern/routing-table'
import { compileManifests } from '../compile-manifests.ts'
import { DEFAULT_COMPILE_SETTINGS } from '../settings.ts'
import { anchoredLikeNginx } from './regex-of.ts'

// The twin: what ingress-nginx's template writes (docs/user-guide/ingress-path-matching.md, nginx.tmpl) and how nginx
// chooses among it (nginx.org, ngx_http_core_module, location; proxy_pass and the trailing slash), as plainly as possible.

interface Rule {
  readonly path: string
  readonly type: 'Exact' | 'Prefix'
}

interface NginxLocation extends Rule {
  readonly owner: string
}

const key = ({ path, type }: Rule): string => `${type} ${path}`

/** "default" where no rule fits, "301 /x/" for nginx's own redirect, else which rule answers. */
function nginx(rules: readonly Rule[], regexHost: boolean, uri: string): string {
  const written: NginxLocation[] = rules.map((rule) => ({ ...rule, owner: key(rule) }))
  if (!rules.some(({ path, type }) => path === '/' && type === 'Prefix'))
    written.push({ path: '/', type: 'Prefix', owner: 'default' })
  written.sort((a, b) => (a.path < b.path ? 1 : a.path > b.path ? -1 : 0))
  written.sort((a, b) => b.path.length - a.path.length)
  const exact = new Set(rules.filter(({ type }) => type === 'Exact').map(({ path }) => path))
  const locations: NginxLocation[] = []
  for (const location of written) {
    const { path, type } = location
    if (path === '/' || type === 'Exact' || regexHost) locations.push(location)
    else {
      locations.push({ ...location, path: path.endsWith('/') ? path : `${path}/` })
      if (!exact.has(path)) locations.push({ ...location, type: 'Exact' })
    }
  }
  if (regexHost)
    return locations.find(({ path }) => new RegExp(`^${path}`, 'i').test(uri))?.owner ?? 'default'
  const equal = locations.find(({ path, type }) => type === 'Exact' && path === uri)
  if (equal) return equal.owner
  if (locations.some(({ path }) => path === `${uri}/`)) return `301 ${uri}/`
  const prefixes = locations.filter(({ path, type }) => type === 'Prefix' && uri.startsWith(path))
  return prefixes.sort((a, b) => b.path.length - a.path.length)[0]?.owner ?? 'default'
}

/** The same question to what we compile: the first route that fits. */
function postern(rules: readonly Rule[], regexHost: boolean, uri: string): string {
  const backend = { service: { name: 'shop', port: { number: 80 } } }
  const paths = rules.map(({ path, type }) => ({
    path,
    pathType: regexHost ? 'ImplementationSpecific' : type,
    backend,
  }))
  const annotations = regexHost ? { 'nginx.ingress.kubernetes.io/use-regex': 'true' } : {}
  const spec = { ingressClassName: 'nginx', rules: [{ host: 'a.example', http: { paths } }] }
  const content = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'i', annotations },
    spec,
  }
  const { table } = compileManifests({ manifests: [{ content }], diagnostics: [] }, DEFAULT_COMPILE_SETTINGS)
  const route = table.hosts[0]?.routes.find(({ path }) => meets(path, uri))
  if (route === undefined) return 'default'
  if (route.target.kind === 'redirect') return `301 ${route.target.location}`
  const [, mark = '', path = ''] = /^default\/i\/a\.example(=?)(.*)$/.exec(route.id) ?? []
  return `${mark === '=' ? 'Exact' : 'Prefix'} ${path}`
}

function meets(match: PathMatch, uri: string): boolean {
  if (match.kind === 'exact') return uri === match.value
  if (match.kind === 'regex') return new RegExp(`^(?:${match.value})`, match.ignoreCase ? 'i' : '').test(uri)
  return match.value === '/' || uri === match.value || uri.startsWith(`${match.value}/`)
}

const segment = fc.constantFrom('a', 'b', 'ab', 'A', 'a-b')
const plainPath = fc
  .tuple(fc.array(segment, { maxLength: 3 }), fc.boolean())
  .map(([parts, slash]) => (parts.length === 0 ? '/' : `/${parts.join('/')}${slash ? '/' : ''}`))
const regexPath = fc
  .array(fc.constantFrom('/', 'a', 'b', '.*', '(b|ab)', '[ab]', '|/b', '$', '.'), { maxLength: 4 })
  .map((parts) => `/${parts.join('')}`)

const rulesOf = (path: fc.Arbitrary<string>): fc.Arbitrary<Rule[]> =>
  fc
    .uniqueArray(fc.record({ path, type: fc.constantFrom('Exact' as const, 'Prefix' as const) }), {
      selector: key,
      minLength: 1,
      maxLength: 6,
    })
    // nginx refuses the configuration when one folder stands there twice, as `/a` and as `/a/`.
    .filter(
      (rules) =>
        new Set(rules.filter((r) => r.type === 'Prefix').map((r) => r.path.replace(/(.)\/$/, '$1'))).size ===
        rules.filter((r) => r.type === 'Prefix').length,
    )

describe('routes in the order in which nginx tries its locations', () => {
  test('agree with nginx on a host of literal paths', () => {
    fc.assert(
      fc.property(rulesOf(plainPath), plainPath, (rules, uri) =>
        expect(postern(rules, false, uri)).toBe(nginx(rules, false, uri)),
      ),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 300) },
    )
  })

  test('agree with nginx on a host of regular expressions', () => {
    const ofRegex = fc
      .uniqueArray(fc.oneof(plainPath, regexPath), { minLength: 1, maxLength: 6 })
      .map((paths) => paths.map((path): Rule => ({ path, type: 'Prefix' })))
    fc.assert(
      fc.property(ofRegex, plainPath, (rules, uri) =>
        expect(postern(rules, true, uri)).toBe(nginx(rules, true, uri)),
      ),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 300) },
    )
  })
})

test.each([
  ['/a', '/a'],
  ['/a|/b', '/a|.*(?:/b)'],
  ['/(a|b)', '/(a|b)'],
  ['/[|]\\||x', '/[|]\\||.*(?:x)'],
])('%s is anchored as %s', (path, pattern) => {
  expect(anchoredLikeNginx(path)).toBe(pattern)
})
