import { describe, expect, test } from '@jest/globals'
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose'
import { issueLabToken, verifyLabToken } from './lab-token.ts'

const principal = { username: 'user', email: 'user@example.com' }
const NOW = Date.UTC(2026, 10, 20, 12)
const HOUR_MS = 3_600_000

function signed(algorithm: string, claims: Record<string, unknown>, secret = 'secret'): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: algorithm }).sign(new TextEncoder().encode(secret))
}

describe('a lab token', () => {
  test('S4.14 carries the claims of the original', async () => {
    const token = await issueLabToken(principal, 'secret', NOW)
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'JWT' })
    const iat = NOW / 1000
    expect(decodeJwt(token)).toEqual({
      iss: 'auth.service',
      sub: 'user',
      email: 'user@example.com',
      iat,
      exp: iat + 259_200,
    })
  })

  test('is accepted with the secret it was made with, however short', async () => {
    const token = await issueLabToken(principal, 's', NOW)
    expect(await verifyLabToken(token, 's', NOW + HOUR_MS)).toEqual(principal)
    expect(await verifyLabToken(token, 'secret', NOW + HOUR_MS)).toBeUndefined()
  })

  test('ends after 72 hours', async () => {
    const token = await issueLabToken(principal, 'secret', NOW)
    expect(await verifyLabToken(token, 'secret', NOW + 71 * HOUR_MS)).toEqual(principal)
    expect(await verifyLabToken(token, 'secret', NOW + 73 * HOUR_MS)).toBeUndefined()
  })

  const claims = { sub: 'user', iss: 'auth.service', exp: NOW / 1000 + 60 }
  test.each([
    ['another HMAC variant', signed('HS512', claims, 'secret'.repeat(20)), 'secret'.repeat(20)],
    ['another issuer', signed('HS256', { ...claims, iss: 'else' }), 'secret'],
    ['no expiry', signed('HS256', { sub: 'user', iss: 'auth.service' }), 'secret'],
    ['no subject', signed('HS256', { ...claims, sub: undefined }), 'secret'],
    ['no signature', Promise.resolve('eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c2VyIn0.'), 'secret'],
    ['no token at all', Promise.resolve('abc'), 'secret'],
  ])('with %s is refused', async (_what, token, secret) => {
    expect(await verifyLabToken(await token, secret, NOW)).toBeUndefined()
  })
})
