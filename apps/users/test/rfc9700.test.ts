import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { requestJson, startCourse, until, type Course, type JsonReply } from '@postern/testing'

// The attacks of RFC 9700 that services without redirects and third parties can meet, by section; those on refresh tokens in the store
// are apps/auth/test/describe-session-store.ts, those on signed tokens libs/auth/src/token-attacks.test.ts. docs/services.md has the list.

// Several processes start here; on a busy machine that takes its time.
jest.setTimeout(90_000)

const password = 'long enough'
const newPassword = 'another long one'
const tokenOf = ({ body }: JsonReply) => (body as { readonly token: string }).token
const cookieOf = ({ headers }: JsonReply) => headers.getSetCookie()[0]?.split(';')[0] ?? ''

let course: Course
let accounts = 0

beforeAll(async () => {
  course = await startCourse({ demo: false })
})
afterAll(() => course.stop())

async function newAccount() {
  accounts += 1
  const email = `rfc9700-${accounts}@test.com`
  const body = { email, password }
  await requestJson(`${course.users.url}/signup`, { body })
  const login = await requestJson(`${course.users.url}/login`, { body })
  return { email, login, token: tokenOf(login), cookie: cookieOf(login) }
}

const refresh = (cookie: string) =>
  requestJson(`${course.users.url}/refresh`, { method: 'POST', headers: { cookie } })
const verifyStatus = async (token: string) =>
  (await requestJson(`${course.auth.url}/auth/verify`, { token })).status
const tasksStatus = async (token: string) =>
  (await requestJson(`${course.tasks.url}/tasks`, { token })).status
const meStatus = async (token: string) => (await requestJson(`${course.users.url}/me`, { token })).status

describe('RFC 9700', () => {
  test.each(['?access_token=', '?token=', '?authorization=Bearer%20'])(
    '§4.3.2 no token is taken from an address: %s',
    async (query) => {
      const { token } = await newAccount()
      const addresses = [
        `${course.tasks.url}/tasks`,
        `${course.users.url}/me`,
        `${course.auth.url}/auth/verify`,
      ]
      for (const url of addresses) {
        expect((await requestJson(url + query + token)).status).toBe(401)
        expect((await requestJson(url, { token })).status).toBe(200)
      }
    },
  )

  test('§4.3.2 no token is taken from a body or a cookie', async () => {
    const { token } = await newAccount()
    const url = `${course.tasks.url}/tasks`
    const body = { title: 't', text: 'x', access_token: token, token }
    expect((await requestJson(url, { body })).status).toBe(401)
    const cookie = `access_token=${token}; token=${token}; refresh=${token}`
    expect((await requestJson(url, { headers: { cookie } })).status).toBe(401)
    expect((await refresh(`refresh=${token}`)).status).toBe(401)
  })

  test('§4.3.2 no answer tells a token in an address that a browser would go to', async () => {
    const { login } = await newAccount()
    expect(login.status).toBe(200)
    expect(login.headers.get('location')).toBeNull()
    expect(login.headers.get('cache-control')).toBe('no-store')
  })

  test.each([
    'x-auth-request-user',
    'x-auth-request-email',
    'x-forwarded-user',
    'x-remote-user',
    'x-user-id',
  ])('§4.13 what a proxy says about its client is not taken from a client: %s', async (name) => {
    const headers = { [name]: 'u1' }
    for (const url of [
      `${course.tasks.url}/tasks`,
      `${course.users.url}/me`,
      `${course.auth.url}/auth/verify`,
    ])
      expect((await requestJson(url, { headers })).status).toBe(401)
  })

  test.each(['same-site', 'cross-site', 'nonsense'])(
    '§4.7 a page of another host logs nobody out and renews nothing: %s',
    async (site) => {
      const { cookie } = await newAccount()
      const headers = { cookie, 'sec-fetch-site': site }
      for (const path of ['/logout', '/refresh']) {
        const reply = await requestJson(course.users.url + path, { method: 'POST', headers })
        expect(reply).toMatchObject({ status: 403, body: { code: 'other-site' } })
        expect(reply.headers.getSetCookie()).toEqual([])
      }
      expect((await refresh(cookie)).status).toBe(200)
    },
  )

  test('§4.7 a page of another host that has no cookie of ours logs out of nothing', async () => {
    const request = { method: 'POST', headers: { 'sec-fetch-site': 'same-site' } }
    expect((await requestJson(`${course.users.url}/logout`, request)).status).toBe(200)
    expect((await requestJson(`${course.users.url}/refresh`, request)).status).toBe(401)
  })

  test.each(['same-origin', 'none'])('§4.7 the page of this host may: %s', async (site) => {
    const headers = { cookie: (await newAccount()).cookie, 'sec-fetch-site': site }
    expect((await requestJson(`${course.users.url}/refresh`, { method: 'POST', headers })).status).toBe(200)
  })

  test('§4.14.2 a refresh token from two uses ago ends the session for whoever has it', async () => {
    const { cookie } = await newAccount()
    const current = cookieOf(await refresh(cookieOf(await refresh(cookie))))
    expect((await refresh(cookie)).status).toBe(401)
    expect((await refresh(current)).status).toBe(401)
  })

  test('§4.14.2 a refresh token is no access token', async () => {
    const { cookie } = await newAccount()
    const refreshToken = cookie.split('=')[1] ?? ''
    expect([await verifyStatus(refreshToken), await tasksStatus(refreshToken)]).toEqual([401, 401])
  })

  test('§4.14.2 a new password ends refresh tokens, and what auth is asked about, at once, and everywhere within seconds', async () => {
    const { token, cookie } = await newAccount()
    expect(await verifyStatus(token)).toBe(200)
    const body = { password, newPassword }
    const changed = await requestJson(`${course.users.url}/me`, { method: 'PATCH', token, body })
    expect(changed.status).toBe(200)
    expect((await refresh(cookie)).status).toBe(401)
    expect(await verifyStatus(token)).toBe(401)
    const renewed = await refresh(cookieOf(changed))
    expect([renewed.status, await verifyStatus(tokenOf(renewed))]).toEqual([200, 200])
    await until('tasks refuses the old token', async () => (await tasksStatus(token)) === 401)
    await until('users refuses the old token', async () => (await meStatus(token)) === 401)
    expect([await tasksStatus(tokenOf(renewed)), await meStatus(tokenOf(renewed))]).toEqual([200, 200])
  })

  test('§4.14.2 a log-out ends its own access token too, and no other', async () => {
    const { email, token, cookie } = await newAccount()
    const other = tokenOf(await requestJson(`${course.users.url}/login`, { body: { email, password } }))
    const renewed = await refresh(cookie)
    const out = { method: 'POST', headers: { cookie: cookieOf(renewed) } }
    expect((await requestJson(`${course.users.url}/logout`, out)).status).toBe(200)
    for (const ended of [token, tokenOf(renewed)]) {
      expect(await verifyStatus(ended)).toBe(401)
      await until('tasks refuses the token', async () => (await tasksStatus(ended)) === 401)
      await until('users refuses the token', async () => (await meStatus(ended)) === 401)
    }
    expect([await verifyStatus(other), await tasksStatus(other), await meStatus(other)]).toEqual([
      200, 200, 200,
    ])
  })

  test('§4.14.2 a log-out everywhere ends all sessions and access tokens of the account', async () => {
    const { email, token, cookie } = await newAccount()
    const other = await requestJson(`${course.users.url}/login`, { body: { email, password } })
    const logOut = () =>
      requestJson(`${course.users.url}/logout`, { headers: { cookie }, body: { everywhere: true } })
    expect(await logOut()).toMatchObject({ status: 200, body: { message: 'Logged out.' } })
    expect([(await refresh(cookie)).status, (await refresh(cookieOf(other))).status]).toEqual([401, 401])
    for (const ended of [token, tokenOf(other)]) {
      expect(await verifyStatus(ended)).toBe(401)
      await until('tasks refuses the token', async () => (await tasksStatus(ended)) === 401)
      await until('users refuses the token', async () => (await meStatus(ended)) === 401)
    }
    expect(await logOut()).toMatchObject({ status: 401, body: { code: 'session-over' } })
  })

  test('§4.14.2 with the account go its tokens', async () => {
    const { token, cookie } = await newAccount()
    const body = { password }
    expect((await requestJson(`${course.users.url}/me`, { method: 'DELETE', token, body })).status).toBe(200)
    expect((await refresh(cookie)).status).toBe(401)
    expect(await verifyStatus(token)).toBe(401)
    await until('tasks refuses the token', async () => (await tasksStatus(token)) === 401)
  })
})
