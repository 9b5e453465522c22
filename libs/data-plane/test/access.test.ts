import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose'
import { Redacted, type AccessFilter, type BasicAuth, type JwtAuth } from '@postern/routing-table'
import { startUpstream, type Upstream } from '@postern/testing'
import { planeWith } from './ask.ts'

const SECRET = { kind: 'Secret', namespace: 'test', name: 'users' }
// As `htpasswd -nbm` and `htpasswd -nbs` write them.
const USERS = { alice: '$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/', bob: '{SHA}nU4eI71bcnBGqeO0t9tXvY1u5oQ=' }

const access = (rest: Partial<AccessFilter>): AccessFilter => ({ kind: 'access', satisfy: 'all', ...rest })
const basic = (users: Readonly<Record<string, string>> = { alice: '{PLAIN}wonder:land' }): BasicAuth => ({
  realm: 'the "shop"',
  users: new Redacted(new Map(Object.entries(users))),
  secret: SECRET,
})
const credentials = (pair: string) =>
  ['Authorization', `Basic ${Buffer.from(pair).toString('base64')}`] as const

describe('addresses', () => {
  test.each([
    [{ allow: ['10.0.0.0/8'], deny: [] }, '10.1.1.1', 200],
    [{ allow: ['10.0.0.0/8'], deny: [] }, '192.0.2.1', 403],
    [{ allow: [], deny: ['192.0.2.0/24'] }, '192.0.2.1', 403],
    [{ allow: ['192.0.2.0/24'], deny: ['192.0.2.1'] }, '192.0.2.1', 403],
    [{ allow: [], deny: [] }, '192.0.2.1', 200],
  ])('%j for %s is %i', async (ip, remoteAddress, status) => {
    expect((await planeWith([access({ ip })]).ask({ remoteAddress })).status).toBe(status)
  })
  test('behind a trusted proxy the address is the client’s, not the proxy’s, and not one that it invented', async () => {
    const plane = planeWith([access({ ip: { allow: ['203.0.113.5'], deny: [] } })], {
      settings: { trustedProxies: ['10.0.0.0/8'] },
    })
    const from = (chain: string) => ({
      remoteAddress: '10.0.0.1',
      headers: [['X-Forwarded-For', chain]] as const,
    })
    expect((await plane.ask(from('203.0.113.5'))).status).toBe(200)
    expect((await plane.ask(from('203.0.113.5, 10.0.0.9'))).status).toBe(200)
    expect((await plane.ask(from('203.0.113.5, 198.51.100.1'))).status).toBe(403)
    expect(
      (await plane.ask({ remoteAddress: '192.0.2.1', headers: [['X-Forwarded-For', '203.0.113.5']] })).status,
    ).toBe(403)
  })
})

test('a list that cannot be read closes its route, and only that', async () => {
  const plane = planeWith([access({ ip: { allow: ['nonsense'], deny: [] } })])
  expect((await plane.ask()).status).toBe(503)
  expect(plane.engine.sent).toEqual([])
  expect(plane.warnings[0]).toContain('nonsense')
  expect((await plane.ask({ host: 'other.example' })).status).toBe(404)
})

describe('basic', () => {
  test('without, with wrong and with right credentials; they do not travel on', async () => {
    const plane = planeWith([access({ basic: basic() })])
    const none = await plane.ask()
    expect([none.status, none.get('www-authenticate')]).toEqual([401, 'Basic realm="the \\"shop\\""'])
    for (const pair of ['alice:wrong', 'nobody:x', 'alice', ':'])
      expect((await plane.ask({ headers: [credentials(pair)] })).status).toBe(401)
    expect((await plane.ask({ headers: [['Authorization', 'Bearer x']] })).status).toBe(401)
    for (let i = 0; i < 2; i++)
      expect((await plane.ask({ headers: [credentials('alice:wonder:land')] })).status).toBe(200)
    expect(plane.lastSent.get('authorization')).toBeUndefined()
  })
  test('the log names why, the client is not told', async () => {
    const plane = planeWith([access({ basic: basic() })])
    const answer = await plane.ask({ headers: [credentials('alice:wrong')] })
    expect(plane.log[0]?.reason).toContain('test/users')
    expect(answer.body).not.toContain('test/users')
  })
  test('while a password is compared the others are served; too many are sent away, and the log says why', async () => {
    const held = Promise.withResolvers<boolean>()
    const hash = `$2y$15$${'a'.repeat(53)}`
    const plane = planeWith([access({ basic: basic({ ann: hash, bob: '{PLAIN}here' }) })], {
      verifySlowHash: () => held.promise,
    })
    const guesses = Array.from({ length: 60 }, (_, i) =>
      plane.ask({ headers: [credentials(`ann:${String(i)}`)] }),
    )
    expect((await plane.ask({ headers: [credentials('bob:here')] })).status).toBe(200)
    expect(plane.log.filter(({ status }) => status === 401)).toEqual([])
    expect(plane.log[0]).toMatchObject({
      status: 503,
      reason: 'too many passwords wait to be compared with test/users',
    })
    held.resolve(false)
    const statuses = (await Promise.all(guesses)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 503)).toHaveLength(9)
    expect(statuses.filter((status) => status === 401)).toHaveLength(51)
  })
  test('a file with two forms', async () => {
    const plane = planeWith([access({ basic: basic(USERS) })])
    expect((await plane.ask({ headers: [credentials('alice:myPassword')] })).status).toBe(200)
    expect((await plane.ask({ headers: [credentials('bob:wrong')] })).status).toBe(401)
  })
})

describe('satisfy', () => {
  const both = { ip: { allow: ['10.0.0.0/8'], deny: [] }, basic: basic() }
  test.each([
    ['all', '10.0.0.1', true, 200],
    ['all', '10.0.0.1', false, 401],
    ['all', '192.0.2.1', true, 403],
    ['any', '10.0.0.1', false, 200],
    ['any', '192.0.2.1', true, 200],
    ['any', '192.0.2.1', false, 401],
  ] as const)('%s from %s with credentials %s is %i', async (satisfy, remoteAddress, knows, status) => {
    const headers = knows ? [credentials('alice:wonder:land')] : []
    expect((await planeWith([access({ ...both, satisfy })]).ask({ remoteAddress, headers })).status).toBe(
      status,
    )
  })
})

describe('jwt', () => {
  let keys: Upstream
  let privateKey: CryptoKey
  beforeAll(async () => {
    const pair = await generateKeyPair('ES256', { extractable: true })
    privateKey = pair.privateKey
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' }
    keys = await startUpstream('keys', {
      respond: (_, response) =>
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] })),
    })
  })
  afterAll(() => keys.close())

  const jwt = (): JwtAuth => ({
    issuer: 'https://issuer.example',
    audience: ['shop'],
    jwksUrl: `http://127.0.0.1:${String(keys.port)}/jwks`,
    algorithms: ['ES256'],
    clockSkewS: 0,
    claimHeaders: [['sub', 'X-User']],
  })
  const token = (claims: { aud?: string; exp?: string } = {}): Promise<string> =>
    new SignJWT({ sub: 'alice\r\nX-Evil: 1' })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setIssuer('https://issuer.example')
      .setAudience(claims.aud ?? 'shop')
      .setExpirationTime(claims.exp ?? '1h')
      .sign(privateKey)

  test('a good token passes and its claims become headers, without line breaks', async () => {
    const plane = planeWith([access({ jwt: jwt() })])
    const answer = await plane.ask({
      headers: [
        ['Authorization', `Bearer ${await token()}`],
        ['X-User', 'root'],
      ],
    })
    expect([answer.status, plane.lastSent.get('x-user')]).toEqual([200, 'aliceX-Evil: 1'])
  })
  test('none, a foreign audience, an expired one, another algorithm: 401 with a challenge', async () => {
    const plane = planeWith([access({ jwt: jwt() })])
    expect((await plane.ask()).get('www-authenticate')).toBe('Bearer')
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"root"}').toString('base64url')}.`
    for (const bad of [await token({ aud: 'other' }), await token({ exp: '-1m' }), unsigned, 'nonsense']) {
      const answer = await plane.ask({ headers: [['Authorization', `Bearer ${bad}`]] })
      expect(answer.status).toBe(401)
    }
    expect(plane.engine.sent).toEqual([])
  })
})
