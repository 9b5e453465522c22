import { beforeAll, describe, expect, test } from '@jest/globals'
import { generate } from 'selfsigned'
import { compileManifests, type Compiled } from '../compile-manifests.ts'
import { formatDiagnostic } from '../diagnostic.ts'
import { DEFAULT_COMPILE_SETTINGS, type CompileSettings } from '../settings.ts'
import { parseYaml } from '../source/parse-yaml.ts'

interface Pair {
  readonly certPem: string
  readonly keyPem: string
}

async function makePair(...names: string[]): Promise<Pair> {
  const altNames = names.map((value) => ({ type: 2 as const, value }))
  const made = await generate([{ name: 'commonName', value: names[0] ?? 'x' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames }],
  })
  return { certPem: made.cert, keyPem: made.private }
}

let shop: Pair
let wild: Pair
let both: Pair
let fallback: Pair

beforeAll(async () => {
  ;[shop, wild, both, fallback] = await Promise.all([
    makePair('shop.example'),
    makePair('*.example'),
    makePair('shop.example', 'www.shop.example'),
    makePair('ingress.local'),
  ])
})

const secret = (
  name: string,
  { certPem, keyPem }: Pair,
  type = 'kubernetes.io/tls',
): string => `apiVersion: v1
kind: Secret
metadata: {name: ${name}}
type: ${type}
data: {tls.crt: ${Buffer.from(certPem).toString('base64')}, tls.key: ${Buffer.from(keyPem).toString('base64')}}
`

const ingress = (host: string, tls: string, name = 'web'): string => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${name}}
spec:
  ingressClassName: nginx
  tls: ${tls}
  rules: [{host: '${host}', http: {paths: [{path: /${name}, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]
`

function compile(
  settings: Partial<CompileSettings>,
  ...documents: string[]
): Compiled & { readonly text: string } {
  const { value, diagnostics } = parseYaml(documents.join('---\n'), 'a.yaml')
  const all = { ...DEFAULT_COMPILE_SETTINGS, fallbackCertificate: fallback, ...settings }
  const compiled = compileManifests({ manifests: value, diagnostics }, all)
  return { ...compiled, text: compiled.diagnostics.map(formatDiagnostic).join('\n') }
}

const certificateOf = ({ table }: Compiled, host: string): string | undefined =>
  table.hosts.find((candidate) => candidate.host === host)?.tls?.certificate

describe('the certificate of a host', () => {
  test('is the Secret of the section that lists it, whatever its type', () => {
    for (const type of ['kubernetes.io/tls', 'Opaque']) {
      const compiled = compile(
        {},
        ingress('shop.example', '[{hosts: [Shop.example], secretName: shop}]'),
        secret('shop', shop, type),
      )
      expect(certificateOf(compiled, 'shop.example')).toBe('default/shop')
      const [certificate] = compiled.table.certificates
      expect(certificate).toMatchObject({ id: 'default/shop', names: ['shop.example'] })
      expect(certificate?.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
      expect(certificate?.keyPem.reveal()).toBe(shop.keyPem)
    }
  })

  test('is a wildcard certificate for one label, not for two', () => {
    const tls = '[{hosts: [a.example, a.b.example], secretName: wild}]'
    const compiled = compile(
      {},
      ingress('a.example', tls, 'a'),
      ingress('a.b.example', tls, 'b'),
      ingress('*.example', '[{hosts: ["*.example"], secretName: wild}]', 'c'),
      secret('wild', wild),
    )
    expect(certificateOf(compiled, 'a.example')).toBe('default/wild')
    expect(certificateOf(compiled, '*.example')).toBe('default/wild')
    expect(certificateOf(compiled, 'a.b.example')).toBe('postern/fallback')
    expect(compiled.text).toContain('tls-host-mismatch')
  })

  test('is the first that covers it when no section lists it', () => {
    const compiled = compile(
      {},
      ingress('shop.example', '[{secretName: nope}, {secretName: wild}]'),
      secret('wild', wild),
    )
    expect(certificateOf(compiled, 'shop.example')).toBe('default/wild')
  })

  test('is the fallback when the Secret is missing, unusable or for another host, and a finding says why', () => {
    const tls = '[{hosts: [shop.example], secretName: shop}]'
    const cases: readonly (readonly [code: string, secrets: string[]])[] = [
      ['tls-secret-missing', []],
      ['tls-secret-unusable', [secret('shop', { certPem: 'no', keyPem: shop.keyPem })]],
      ['tls-secret-unusable', [secret('shop', { certPem: shop.certPem, keyPem: 'no' })]],
      ['tls-secret-unusable', [secret('shop', { certPem: shop.certPem, keyPem: wild.keyPem })]],
      ['tls-secret-unusable', ['apiVersion: v1\nkind: Secret\nmetadata: {name: shop}\n']],
      ['tls-host-mismatch', [secret('shop', fallback)]],
    ]
    for (const [code, secrets] of cases) {
      const compiled = compile({}, ingress('shop.example', tls), ...secrets)
      expect(certificateOf(compiled, 'shop.example')).toBe('postern/fallback')
      expect(compiled.text).toContain(`error ${code} Ingress default/web spec.tls[0].secretName`)
    }
  })

  test('is the fallback when the Secret is written with its namespace, which the API server refuses', () => {
    const { text } = compile({}, ingress('shop.example', '[{hosts: [shop.example], secretName: certs/shop}]'))
    expect(text).toContain('error tls-secret-name Ingress default/web spec.tls[0].secretName')
    expect(text).toContain('write secretName: shop, and copy the Secret to namespace default')
  })

  test('is chosen by the oldest Ingress of the host', () => {
    const tls = (name: string): string => `[{hosts: [shop.example], secretName: ${name}}]`
    const compiled = compile(
      {},
      ingress('shop.example', tls('wild'), 'a'),
      ingress('shop.example', tls('shop'), 'b'),
      secret('shop', shop),
      secret('wild', wild),
    )
    expect(certificateOf(compiled, 'shop.example')).toBe('default/shop')
    expect(compiled.text).toContain('tls-conflict')
  })

  test('for everybody else is --default-ssl-certificate, or a made one', () => {
    const wanted = { defaultSslCertificate: { namespace: 'default', name: 'wild' } }
    const web = ingress('shop.example', '[]')
    expect(compile(wanted, web, secret('wild', wild)).table.fallbackCertificate).toBe('default/wild')
    const missing = compile(wanted, web)
    expect(missing.table.fallbackCertificate).toBe('postern/fallback')
    expect(missing.text).toContain('default-certificate')
  })
})

describe('the time of a certificate', () => {
  test.each([
    [0, undefined],
    [360, 'certificate-expires-soon'],
    [400, 'certificate-expired'],
    [-2, 'certificate-not-yet-valid'],
  ])('%d days from now: %s', (days, code) => {
    const now = (): number => Date.now() + days * 24 * 3_600_000
    const web = ingress('shop.example', '[{hosts: [shop.example], secretName: shop}]')
    const { diagnostics } = compile({ now }, web, secret('shop', shop))
    const found = diagnostics.map((d) => d.code).filter((c) => c.startsWith('certificate-'))
    expect(found).toEqual(code === undefined ? [] : [code])
  })
})

describe('secrets', () => {
  test('stand neither in a table as text nor in a finding', () => {
    const compiled = compile(
      {},
      ingress('shop.example', '[{hosts: [shop.example], secretName: shop}]'),
      secret('shop', { certPem: shop.certPem, keyPem: wild.keyPem }),
      secret('wild', wild),
    )
    const printed = JSON.stringify(compiled.table) + compiled.text + JSON.stringify(compiled.provenance)
    for (const { keyPem } of [shop, wild, fallback]) expect(printed).not.toContain(keyPem.split('\n')[1])
  })

  test('a swapped Secret is another certificate, an unchanged one keeps its identity', () => {
    const web = ingress('shop.example', '[{hosts: [shop.example], secretName: shop}]')
    const set = parseYaml(web + '---\n' + secret('shop', shop), 'a.yaml').value
    const one = compileManifests({ manifests: set, diagnostics: [] }, DEFAULT_COMPILE_SETTINGS)
    const two = compileManifests({ manifests: set, diagnostics: [] }, DEFAULT_COMPILE_SETTINGS)
    expect(two.table.certificates[0]).toEqual(one.table.certificates[0])
  })
})

test('the neighbour that from-to-www-redirect makes needs a certificate of both names', () => {
  const redirecting = ingress('shop.example', '[{hosts: [shop.example], secretName: shop}]').replace(
    '{name: web}',
    "{name: web, annotations: {nginx.ingress.kubernetes.io/from-to-www-redirect: 'true'}}",
  )
  const { text } = compile({}, redirecting, secret('shop', shop))
  expect(text).toContain(
    'warning www-certificate Ingress default/web metadata.annotations["nginx.ingress.kubernetes.io/from-to-www-redirect"]: the certificate of shop.example does not name www.shop.example',
  )
  expect(compile({}, redirecting, secret('shop', both)).text).not.toContain('www-certificate')
})
