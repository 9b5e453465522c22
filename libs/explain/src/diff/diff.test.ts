import { describe, expect, test } from '@jest/globals'
import { DEFAULT_COMPILE_SETTINGS, parseYaml, type ManifestSet } from '@postern/control-plane'
import { ingress, opaqueSecret, serviceAt, toYaml, type ManifestObject } from '@postern/testing'
import { diff, formatDiff } from './diff.ts'

const services = ['web', 'api'].flatMap((name, i) =>
  serviceAt(name, [{ address: `10.0.0.${String(i + 1)}`, port: 80 }]),
)

function setOf(...objects: readonly ManifestObject[]): ManifestSet {
  const { value, diagnostics } = parseYaml(toYaml(...objects, ...services), 'set.yaml')
  return { manifests: value, diagnostics }
}

const shop = (annotations: Record<string, string> = {}, service = 'web', name = 'shop') =>
  ingress({ name, annotations, rules: [{ host: 'shop.example', paths: [{ path: '/cart', service }] }] })
const compare = (a: ManifestSet, b: ManifestSet) => diff(a, b, DEFAULT_COMPILE_SETTINGS)

describe('diff', () => {
  test('another Service: only the requests that go there, grouped', async () => {
    const { changes } = await compare(setOf(shop()), setOf(shop({}, 'api')))
    expect(changes).toHaveLength(1)
    expect(changes[0]).toMatchObject({
      host: 'shop.example',
      before: 'forwarded to default/web/80 as GET <as asked>',
      after: 'forwarded to default/api/80 as GET <as asked>',
    })
    expect(changes[0]!.requests[0]).toBe('GET http://shop.example/cart')
  })

  test('another name, another order, a comment: nothing', async () => {
    const [a, b] = [
      shop(),
      ingress({ name: 'other', rules: [{ host: 'b.example', paths: [{ service: 'api' }] }] }),
    ]
    const found = await compare(setOf(a, b), setOf(b, shop({}, 'web', 'renamed')))
    expect(formatDiff(found)).toMatch(/^No request changes/)
  })

  test('TLS that is passed through from now on: its requests alone, and where they go', async () => {
    const rooted = (annotations: Record<string, string>) =>
      ingress({ name: 'shop', annotations, rules: [{ host: 'shop.example', paths: [{ service: 'web' }] }] })
    const settings = { ...DEFAULT_COMPILE_SETTINGS, sslPassthrough: true }
    const before = setOf(rooted({ 'backend-protocol': 'HTTPS' }))
    const { changes } = await diff(before, setOf(rooted({ 'ssl-passthrough': 'true' })), settings)
    expect(changes).toHaveLength(1)
    expect(changes[0]?.after).toBe('passed through to default/web/80, TLS unopened')
    expect(changes[0]?.requests.every((request) => request.includes(' https://'))).toBe(true)
  })

  test('says what nothing means: the same rules, or none at all', async () => {
    const same = await compare(setOf(shop()), setOf(shop({}, 'web', 'renamed')))
    expect(formatDiff(same)).toBe('No request changes: no host has other rules.\n')
    const foreign = { ...shop(), spec: { ingressClassName: 'traefik' } }
    const none = await compare(setOf(foreign), setOf(foreign))
    expect(formatDiff(none)).toBe('No request changes: neither side has a rule that is served.\n')
  })

  test.each([
    [{ 'proxy-read-timeout': '7' }, 'policy'],
    [{ 'limit-rps': '5' }, 'filters'],
    [{ 'upstream-hash-by': '$request_uri' }, 'balance'],
  ])('what only time or load shows is told: %j', async (annotations, key) => {
    const { changes } = await compare(setOf(shop()), setOf(shop(annotations as Record<string, string>)))
    expect(changes[0]!.quiet.join()).toContain(`${key}: `)
  })

  test('behind a password nobody here has: where the client would come to, and who may', async () => {
    const auth = { 'auth-type': 'basic', 'auth-secret': 'users' }
    const users = (hash: string) => opaqueSecret('users', { auth: `ann:{SHA}${hash}` })
    const before = setOf(shop(auth), users('5en6G6MezRroT3XKqkdPOmY/BfQ='))
    const moved = setOf(shop(auth, 'api'), users('5en6G6MezRroT3XKqkdPOmY/BfQ='))
    const other = setOf(shop(auth), users('2jmj7l5rSw0yVb/vlWAYkK/YBwk='))
    expect((await compare(before, moved)).changes[0]!.quiet.join()).toContain('admitted: ')
    expect((await compare(before, other)).changes[0]!.quiet.join()).toContain('filters: ')
    expect(JSON.stringify(await compare(before, other))).not.toContain('5en6G6')
  })

  test('behind a redirect to HTTPS and a list of addresses: what those meet who pass both', async () => {
    const doors = { 'force-ssl-redirect': 'true', 'whitelist-source-range': '10.1.0.0/16' }
    const before = setOf(shop(doors))
    const { changes } = await compare(before, setOf(shop({ ...doors, 'upstream-vhost': 'inner.example' })))
    expect(changes[0]!.requests[0]).toBe('GET https://shop.example/cart --from 10.1.0.0')
    const smaller = await compare(before, setOf(shop({ ...doors, 'proxy-body-size': '10' })))
    expect(smaller.changes[0]).toMatchObject({ after: expect.stringMatching(/^answered 413/) })
  })
})
