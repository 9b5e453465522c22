import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { requestJson, startApp, startCourse, type Course } from '@postern/testing'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Several processes start here; on a busy machine that takes its time.
jest.setTimeout(90_000)

const folder = mkdtempSync(join(tmpdir(), 'service-secret-'))
const SERVICE_SECRET_FILE = join(folder, 'secret')
const secret = '0123456789abcdef0123456789abcdef'
const body = { email: 'aaa@aaa.com', password: 'long enough' }
let course: Course

beforeAll(async () => {
  writeFileSync(SERVICE_SECRET_FILE, `${secret}\n`)
  course = await startCourse({ demo: false, env: { SERVICE_SECRET_FILE } })
})
afterAll(async () => {
  await course.stop()
  rmSync(folder, { recursive: true })
})

test.each([
  ['/passwords/hash', { password: 'x' }],
  ['/tokens', { hash: null, password: 'x', subject: { uid: 'u1', email: 'x' } }],
  ['/tokens/verify', { token: 'x' }],
  ['/tokens/refresh', { refreshToken: 'x' }],
  ['/sessions/end', { refreshToken: 'x' }],
  ['/sessions/end-everywhere', { refreshToken: 'x' }],
  ['/sessions/end-all', { uid: 'u1' }],
])('W28 %s of auth is for services only', async (path, content) => {
  for (const token of [undefined, 'wrong', `${secret}0`]) {
    const reply = await requestJson(course.auth.url + path, {
      body: content,
      ...(token !== undefined && { token }),
    })
    expect(reply).toMatchObject({ status: 403, body: { code: 'not-a-service' } })
  }
  expect((await requestJson(course.auth.url + path, { body: content, token: secret })).status).not.toBe(403)
})

test('W28 the services reach each other, and auth answers an Ingress controller', async () => {
  expect((await requestJson(`${course.users.url}/signup`, { body })).status).toBe(201)
  const login = await requestJson(`${course.users.url}/login`, { body })
  const { token } = login.body as { readonly token: string }
  const verified = await requestJson(`${course.auth.url}/auth/verify`, { token })
  expect(verified.status).toBe(200)
  expect(verified.headers.get('x-auth-request-user')).toBe((verified.body as { readonly uid: string }).uid)
  expect(verified.headers.get('x-auth-request-email')).toBe('aaa@aaa.com')
  const refused = await requestJson(`${course.auth.url}/auth/verify`)
  expect(refused.status).toBe(401)
  expect(refused.headers.get('www-authenticate')).toBe('Bearer')
  expect(course.output()).not.toContain(secret)
})

test('W28 a service without the credential is answered as if auth were down', async () => {
  const env = { AUTH_ADDRESS: new URL(course.auth.url).host, DATABASE_URL: 'sqlite::memory:' }
  const users = await startApp({ folder: 'apps/users', env })
  expect((await requestJson(`${users.url}/login`, { body })).status).toBe(503)
  await users.stop()
})
