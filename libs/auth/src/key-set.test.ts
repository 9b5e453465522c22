import { afterEach, beforeEach, expect, test } from '@jest/globals'
import Fastify, { type FastifyInstance } from 'fastify'
import { accessTokens, type AccessTokens } from './access-tokens.ts'
import { generateSigningKey, type SigningKey } from './signing-key.ts'
import { createTokenVerifier, KeySetError } from './token-verifier.ts'

const MINUTE_MS = 60_000

let issuer: FastifyInstance
let tokens: AccessTokens
let signing: SigningKey
/** What the key set is answered with; undefined is a failure. */
let published: readonly SigningKey[] | undefined
let asked: number
let nowMs: number
let verify: ReturnType<typeof createTokenVerifier>

beforeEach(async () => {
  ;[asked, nowMs, signing] = [0, Date.now(), generateSigningKey(new Date())]
  published = [signing]
  issuer = Fastify()
  const keys = { current: () => signing, find: () => signing, published: () => [] }
  tokens = await accessTokens(issuer, { keys, lifetimeSeconds: 86_400 })
  issuer.get('/jwks.json', (_request, reply) => {
    asked += 1
    return published === undefined ? reply.code(503).send() : { keys: published.map(({ jwk }) => jwk) }
  })
  const keySetUrl = `${await issuer.listen({ host: '127.0.0.1', port: 0 })}/jwks.json`
  verify = createTokenVerifier({ keySetUrl, timeoutMs: 5_000, clock: () => new Date(nowMs) })
})
afterEach(() => issuer.close())

const token = () => tokens.issue({ uid: 'u7' })

test('the keys are asked for once in five minutes', async () => {
  for (let minute = 0; minute < 5; minute += 1) {
    expect(await verify(token())).toEqual({ uid: 'u7' })
    nowMs += MINUTE_MS - 1
  }
  expect(asked).toBe(1)
  nowMs += MINUTE_MS
  expect(await verify(token())).toEqual({ uid: 'u7' })
  expect(asked).toBe(2)
})

test('an outage of the issuer that is longer than keys are kept stops nobody, and keeps nobody busy', async () => {
  expect(await verify(token())).toEqual({ uid: 'u7' })
  published = undefined
  nowMs += 6 * MINUTE_MS
  for (let second = 0; second < 20; second += 1) {
    expect(await verify(token())).toEqual({ uid: 'u7' })
    nowMs += 1_000
  }
  expect(asked).toBe(3)
})

test('once the issuer is back its new keys count, and those that it dropped no more', async () => {
  const old = token()
  await verify(old)
  published = undefined
  nowMs += 6 * MINUTE_MS
  await verify(old)
  signing = generateSigningKey(new Date())
  published = [signing]
  nowMs += MINUTE_MS
  expect([await verify(old), await verify(token())]).toEqual([undefined, { uid: 'u7' }])
})

test('without any key nothing is known', async () => {
  published = undefined
  await expect(verify(token())).rejects.toThrow(KeySetError)
  published = [signing]
  expect(await verify(token())).toEqual({ uid: 'u7' })
})

test('a hundred requests at once ask for the keys once', async () => {
  await Promise.all(Array.from({ length: 100 }, () => verify(token())))
  expect(asked).toBe(1)
  nowMs += 6 * MINUTE_MS
  await Promise.all(Array.from({ length: 100 }, () => verify(token())))
  expect(asked).toBe(2)
})
