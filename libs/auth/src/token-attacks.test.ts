import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import Fastify, { type FastifyInstance } from 'fastify'
import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { accessTokenRules as rules, type VerifiedAccess } from './access-token.ts'
import { accessTokens, type AccessTokens } from './access-tokens.ts'
import { generateSigningKey, type SigningKey } from './signing-key.ts'
import { createTokenVerifier, KeySetError } from './token-verifier.ts'

const key = generateSigningKey(new Date())
const next = generateSigningKey(new Date())
let ring: readonly SigningKey[] = [key]
let app: FastifyInstance
let keySetUrl: string
let tokens: AccessTokens

beforeAll(async () => {
  app = Fastify()
  tokens = await accessTokens(app, {
    keys: {
      current: () => ring[0] ?? key,
      find: (kid) => ring.find((one) => one.kid === kid),
      published: () => ring.map(({ jwk }) => jwk),
    },
    lifetimeSeconds: 60,
  })
  app.get('/jwks.json', () => ({ keys: ring.map(({ jwk }) => jwk) }))
  keySetUrl = `${await app.listen({ host: '127.0.0.1', port: 0 })}/jwks.json`
})
afterAll(() => app.close())

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const nowS = () => Math.floor(Date.now() / 1000)
const goodHeader = () => ({ alg: 'ES256', typ: rules.type, kid: key.kid })
const goodClaims = () => ({
  sub: 'u7',
  jti: 'one',
  iss: rules.issuer,
  aud: rules.audience,
  iat: nowS(),
  exp: nowS() + 60,
})

/** A token signed as its header says, unless another key is given. */
function forge(
  header: object,
  claims: object,
  privateKey: string | KeyObject = key.privatePem,
  dsaEncoding: 'ieee-p1363' | 'der' = 'ieee-p1363',
): string {
  return signed(
    `${part({ ...goodHeader(), ...header })}.${part({ ...goodClaims(), ...claims })}`,
    privateKey,
    dsaEncoding,
  )
}

function signed(
  text: string,
  privateKey: string | KeyObject = key.privatePem,
  dsaEncoding: 'ieee-p1363' | 'der' = 'ieee-p1363',
): string {
  const signature = sign('sha256', Buffer.from(text), { key: privateKey as string, dsaEncoding })
  return `${text}.${signature.toString('base64url')}`
}

/** A header with one member written a second time before the others: readers differ on which counts (RFC 8259 §4). */
function twice(member: string, header: object): string {
  const json = JSON.stringify({ ...goodHeader(), ...header }).replace('{', `{${member},`)
  return `${Buffer.from(json).toString('base64url')}.${part(goodClaims())}.`
}

function hmac(header: object, secret: string): string {
  const text = `${part({ ...goodHeader(), ...header })}.${part(goodClaims())}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const strangerJwk = generateSigningKey(new Date())
const swapped = () => {
  const [header = '', , signature = ''] = forge({}, {}).split('.')
  return `${header}.${part({ ...goodClaims(), sub: 'admin' })}.${signature}`
}

/** RFC 8725 and RFC 9068, rule by rule. */
const ATTACKS: readonly (readonly [string, () => string])[] = [
  [
    '§2.1 alg none without a signature',
    () => `${part({ ...goodHeader(), alg: 'none' })}.${part(goodClaims())}.`,
  ],
  ['§2.1 alg NoNe', () => `${part({ ...goodHeader(), alg: 'NoNe' })}.${part(goodClaims())}.`],
  ['§2.1 alg none with a signature', () => forge({ alg: 'none' }, {})],
  ['§2.1 no alg', () => forge({ alg: undefined }, {})],
  ['§2.1 HS256 keyed with the public PEM', () => hmac({ alg: 'HS256' }, key.publicPem)],
  ['§2.1 HS256 keyed with the public JWK', () => hmac({ alg: 'HS256' }, JSON.stringify(key.jwk))],
  ['§2.1 HS256 keyed with nothing', () => hmac({ alg: 'HS256' }, '')],
  ['§2.1 a wrong curve by name', () => forge({ alg: 'ES384' }, {})],
  ['§2.1 another family by name', () => forge({ alg: 'RS256' }, {})],
  ['§2.1 HS256 keyed with the id of our key', () => hmac({ alg: 'HS256' }, key.kid)],
  ['§2.6 alg twice, the second good', () => twice('"alg":"none"', { alg: 'ES256' })],
  ['§2.8 the lab’s token, signed by us', () => forge({ typ: undefined }, { aud: undefined, jti: undefined })],
  [
    '§3.2 five parts, as of an encrypted token',
    () => `${forge({ alg: 'dir', enc: 'A256GCM' }, {})}.AAAA.AAAA`,
  ],
  ['§3.3 a signature in DER', () => forge({}, {}, key.privatePem, 'der')],
  ['§3.3 a signature with a byte more', () => `${forge({}, {})}AA`],
  ['§3.3 another key under our id', () => forge({}, {}, stranger)],
  ['§3.3 other claims under a good signature', swapped],
  ['§3.3 a cut signature', () => forge({}, {}).slice(0, -10)],
  ['§3.3 an empty signature', () => `${forge({}, {}).split('.').slice(0, 2).join('.')}.`],
  [
    '§3.3 a zero signature (CVE-2022-21449)',
    () => `${forge({}, {}).split('.').slice(0, 2).join('.')}.${Buffer.alloc(64).toString('base64url')}`,
  ],
  [
    '§3.10 a key inside the header',
    () => forge({ jwk: strangerJwk.jwk, kid: strangerJwk.kid }, {}, strangerJwk.privatePem),
  ],
  ['§3.10 a jku of the attacker', () => forge({ jku: 'http://127.0.0.1:1/keys', kid: 'x' }, {}, stranger)],
  ['§3.10 an x5u of the attacker', () => forge({ x5u: 'http://127.0.0.1:1/cert', kid: 'x' }, {}, stranger)],
  ['§3.10 an x5c of the attacker', () => forge({ x5c: ['MIIB'], kid: 'x' }, {}, stranger)],
  ['§3.10 kid as an address', () => forge({ kid: 'http://127.0.0.1:1/keys#1' }, {})],
  ['§3.10 an empty kid', () => forge({ kid: '' }, {})],
  ['§3.10 kid as a path', () => forge({ kid: '../../../../dev/null' }, {})],
  ['§3.10 kid as SQL', () => forge({ kid: "x' OR '1'='1" }, {})],
  ['§3.10 kid as a member of every object', () => forge({ kid: '__proto__' }, {})],
  ['§3.10 kid as an array', () => forge({ kid: [key.kid] }, {})],
  ['§3.11 another kind of token', () => forge({ typ: 'JWT' }, {})],
  ['§3.11 a kind that begins like ours', () => forge({ typ: 'at+jwt+x' }, {})],
  ['§3.12 an ID token', () => forge({ typ: 'id+jwt' }, {})],
  ['§3.11 no kind', () => forge({ typ: undefined }, {})],
  ['a critical header that nobody knows (RFC 7515 §4.1.11)', () => forge({ crit: ['x'], x: 1 }, {})],
  ['§3.8 another issuer', () => forge({}, { iss: 'https://evil.example' })],
  ['§3.8 no issuer', () => forge({}, { iss: undefined })],
  ['§3.8 an issuer that begins like ours', () => forge({}, { iss: `${rules.issuer}.evil.example` })],
  ['§3.8 two issuers', () => forge({}, { iss: [rules.issuer, 'https://evil.example'] })],
  ['§3.9 another audience', () => forge({}, { aud: 'another' })],
  ['§3.9 no audience', () => forge({}, { aud: undefined })],
  ['expired', () => forge({}, { exp: nowS() - 60 })],
  ['without an end', () => forge({}, { exp: undefined })],
  ['an end that is text', () => forge({}, { exp: '9999999999' })],
  ['not yet valid', () => forge({}, { nbf: nowS() + 600 })],
  ['no subject', () => forge({}, { sub: undefined })],
  ['an empty subject', () => forge({}, { sub: '' })],
  ['a subject that is no text', () => forge({}, { sub: { $ne: null } })],
  ['two tokens in one', () => `${forge({}, {})}.${forge({}, {})}`],
  ['no token', () => 'abc'],
  ['nothing', () => '..'],
]

describe('RFC 8725: what no verifier takes', () => {
  test.each(ATTACKS)('%s', async (_rule, make) => {
    const verifyByKeySet = createTokenVerifier({ keySetUrl, timeoutMs: 5_000 })
    expect(tokens.verify(make())).toBeUndefined()
    expect(await verifyByKeySet(make())).toBeUndefined()
  })

  test('the same token without a fault is taken by both', async () => {
    const verifyByKeySet = createTokenVerifier({ keySetUrl, timeoutMs: 5_000 })
    for (const token of [forge({}, {}), tokens.issue({ uid: 'u7' })]) {
      expect(tokens.verify(token)).toEqual({ principal: { uid: 'u7' }, issuedAtMs: expect.any(Number) })
      expect(await verifyByKeySet(token)).toEqual({ uid: 'u7' })
    }
  })

  test('a token from before the end of its account is refused by the key set too', async () => {
    const token = tokens.issue({ uid: 'u7' })
    const { issuedAtMs = 0 } = tokens.verify(token) ?? {}
    const endedAt = (endedAtMs: number) => ({
      isOver: (access: VerifiedAccess) => access.principal.uid === 'u7' && access.issuedAtMs <= endedAtMs,
      refresh: async () => {},
    })
    const verifyAfter = (endedAtMs: number) =>
      createTokenVerifier({ keySetUrl, timeoutMs: 5_000, ends: endedAt(endedAtMs) })(token)
    expect(await verifyAfter(issuedAtMs - 1)).toEqual({ uid: 'u7' })
    expect(await verifyAfter(issuedAtMs)).toBeUndefined()
  })

  test('both learn which session a token was issued for', async () => {
    const seen: unknown[] = []
    const ends = {
      isOver: ({ sessionId }: VerifiedAccess) => {
        seen.push(sessionId)
        return sessionId === 's1'
      },
      refresh: async () => {},
    }
    const verifyByKeySet = createTokenVerifier({ keySetUrl, timeoutMs: 5_000, ends })
    const of = (sessionId: string) => tokens.issue({ uid: 'u7' }, sessionId)
    expect(tokens.verify(of('s1'))?.sessionId).toBe('s1')
    expect(await verifyByKeySet(of('s1'))).toBeUndefined()
    expect(await verifyByKeySet(of('s2'))).toEqual({ uid: 'u7' })
    expect(await verifyByKeySet(forge({}, { sid: ['s1'] }))).toEqual({ uid: 'u7' })
    expect(seen).toEqual(['s1', 's2', undefined])
  })

  test('a key that is gone verifies nothing, a new one works with a fresh key set', async () => {
    const old = tokens.issue({ uid: 'u7' })
    ring = [next]
    const fresh = tokens.issue({ uid: 'u8', email: 'e@x' })
    const verifyByKeySet = createTokenVerifier({ keySetUrl, timeoutMs: 5_000 })
    expect(tokens.verify(old)).toBeUndefined()
    expect(await verifyByKeySet(old)).toBeUndefined()
    expect(await verifyByKeySet(fresh)).toEqual({ uid: 'u8', email: 'e@x' })
    ring = [key]
  })

  test('without a key set nothing is said about a token', async () => {
    const verifyByKeySet = createTokenVerifier({ keySetUrl: 'http://127.0.0.1:1/', timeoutMs: 5_000 })
    await expect(verifyByKeySet(forge({}, {}))).rejects.toThrow(KeySetError)
    const missing = createTokenVerifier({ keySetUrl: keySetUrl.replace('jwks', 'nothing'), timeoutMs: 5_000 })
    await expect(missing(forge({}, {}))).rejects.toThrow(KeySetError)
  })
})
