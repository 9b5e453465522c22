import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { requestJson, startCourse, type Course, type JsonReply } from '@postern/testing'

// Several processes start here; on a busy machine that takes its time.
jest.setTimeout(90_000)

let course: Course
let accounts = 0

beforeAll(async () => {
  course = await startCourse({ demo: false, env: { SESSION_DAYS: '3', TASKS_PER_ACCOUNT: '3' } })
})
afterAll(() => course.stop())

const password = 'long enough'
const users = (path: string, request: Parameters<typeof requestJson>[1] = {}) =>
  requestJson(course.users.url + path, request)
const tokenOf = ({ body }: JsonReply) => (body as { readonly token: string }).token
const cookieOf = ({ headers }: JsonReply) => headers.getSetCookie()[0]?.split(';')[0] ?? ''
const withCookie = (cookie: string) => ({ method: 'POST', headers: { cookie } })

async function newAccount() {
  accounts += 1
  const email = `own-${accounts}@test.com`
  await users('/signup', { body: { email, password } })
  const login = await users('/login', { body: { email, password } })
  return { email, login, token: tokenOf(login), cookie: cookieOf(login) }
}

describe('a session', () => {
  test('is a cookie that no script reads and no other site sends', async () => {
    const { login, cookie, token } = await newAccount()
    const renewed = await users('/refresh', withCookie(cookie))
    const body = { password, newPassword: 'another long one' }
    const changed = await users('/me', { method: 'PATCH', token, body })
    for (const { headers } of [login, renewed, changed])
      expect(headers.getSetCookie()).toEqual([
        // Three days, as auth was told.
        expect.stringMatching(/^refresh=[\w.-]+; Max-Age=259200; Path=\/; HttpOnly; SameSite=Strict$/),
      ])
  })

  test('renews the access token, each cookie once', async () => {
    const { cookie } = await newAccount()
    const renewed = await users('/refresh', withCookie(cookie))
    expect(renewed).toMatchObject({ status: 200, body: { tokenType: 'Bearer', expiresIn: 900 } })
    expect((await requestJson(`${course.tasks.url}/tasks`, { token: tokenOf(renewed) })).status).toBe(200)
    expect(cookieOf(renewed)).not.toBe(cookie)
    expect(await users('/refresh', withCookie(cookie))).toMatchObject({
      status: 401,
      body: { message: 'Please log in again.' },
    })
    expect((await users('/refresh', withCookie(cookieOf(renewed)))).status).toBe(200)
  })

  test('of eight uses of one cookie at once one is served, and its session goes on', async () => {
    const { cookie } = await newAccount()
    const replies = await Promise.all(Array.from({ length: 8 }, () => users('/refresh', withCookie(cookie))))
    const served = replies.filter(({ status }) => status === 200)
    expect(served).toHaveLength(1)
    expect(replies.filter(({ status }) => status === 401)).toHaveLength(7)
    const [winner] = served
    expect((await users('/refresh', withCookie(winner ? cookieOf(winner) : ''))).status).toBe(200)
  })

  test('ends with a log-out', async () => {
    const { cookie } = await newAccount()
    const out = await users('/logout', withCookie(cookie))
    expect(out).toMatchObject({ status: 200, body: { message: 'Logged out.' } })
    expect(out.headers.getSetCookie()[0]).toMatch(/^refresh=; .*Expires=Thu, 01 Jan 1970/)
    expect((await users('/refresh', withCookie(cookie))).status).toBe(401)
    expect((await users('/logout', { method: 'POST' })).status).toBe(200)
  })
})

describe('a log-out', () => {
  test.each([{}, { everywhere: false }])('with %j ends this session only', async (body) => {
    const { email, cookie } = await newAccount()
    const other = cookieOf(await users('/login', { body: { email, password } }))
    expect((await users('/logout', { headers: { cookie }, body })).status).toBe(200)
    expect((await users('/refresh', withCookie(cookie))).status).toBe(401)
    expect((await users('/refresh', withCookie(other))).status).toBe(200)
  })

  test.each([{ everywhere: 'yes' }, { everwhere: true }, ['everywhere']])(
    'refuses %j, which could be meant as one everywhere, and ends nothing',
    async (body) => {
      const { cookie } = await newAccount()
      expect(await users('/logout', { headers: { cookie }, body })).toMatchObject({
        status: 422,
        body: { code: 'invalid-request' },
      })
      expect((await users('/refresh', withCookie(cookie))).status).toBe(200)
    },
  )

  test('everywhere without a session says that it knows nobody', async () => {
    const body = { everywhere: true }
    expect(await users('/logout', { body })).toMatchObject({
      status: 401,
      body: { message: 'Please log in again.' },
    })
    expect((await users('/logout', { headers: { cookie: 'refresh=unknown' }, body })).status).toBe(401)
  })
})

describe('the own account', () => {
  test('is shown to its owner', async () => {
    const { email, token } = await newAccount()
    expect(await users('/me', { token })).toMatchObject({
      status: 200,
      body: { email, uid: expect.any(String) },
    })
    expect((await users('/me')).status).toBe(401)
    expect((await users('/me', { token: 'abc' })).status).toBe(401)
  })

  test('a new password ends the other sessions and the old password', async () => {
    const { email, token, cookie } = await newAccount()
    const body = { password, newPassword: 'another long one' }
    const changed = await users('/me', { method: 'PATCH', token, body })
    expect(changed).toMatchObject({ status: 200, body: { message: 'Account changed.' } })
    expect((await users('/refresh', withCookie(cookie))).status).toBe(401)
    expect((await users('/refresh', withCookie(cookieOf(changed)))).status).toBe(200)
    expect((await users('/login', { body: { email, password } })).status).toBe(401)
    expect((await users('/login', { body: { email, password: body.newPassword } })).status).toBe(200)
  })

  test('takes a new address that is free', async () => {
    const [one, other] = [await newAccount(), await newAccount()]
    const patch = (newEmail: string) =>
      users('/me', { method: 'PATCH', token: one.token, body: { password, newEmail } })
    expect((await patch(other.email.toUpperCase())).status).toBe(409)
    expect((await patch('moved@test.com')).body).toMatchObject({ email: 'moved@test.com' })
    expect((await users('/login', { body: { email: 'moved@test.com', password } })).status).toBe(200)
    expect((await users('/login', { body: { email: one.email, password } })).status).toBe(401)
  })

  test.each([
    [{ password: 'wrong', newPassword: 'another long one' }, 403],
    [{ password, newPassword: 'short' }, 422],
    [{ password }, 422],
    [{ newPassword: 'another long one' }, 422],
    [{ password, uid: 'admin', newEmail: 'a@b.c' }, 422],
  ])('refuses the change %j', async (body, status) => {
    const { token } = await newAccount()
    expect((await users('/me', { method: 'PATCH', token, body })).status).toBe(status)
  })

  test('goes with its tasks', async () => {
    const { email, token, cookie } = await newAccount()
    const tasks = `${course.tasks.url}/tasks`
    await requestJson(tasks, { token, body: { title: 'a', text: 'b' } })
    expect((await users('/me', { method: 'DELETE', token, body: { password: 'wrong' } })).status).toBe(403)
    expect(await users('/me', { method: 'DELETE', token, body: { password } })).toMatchObject({
      status: 200,
      body: { message: 'Account deleted.' },
    })
    // The token is refused within two seconds; whoever is faster than that finds nothing.
    const left = await requestJson(tasks, { token })
    expect(left.body).toMatchObject(left.status === 401 ? { code: 'invalid-token' } : { tasks: [] })
    expect([401, 404]).toContain((await users('/me', { token })).status)
    expect((await users('/refresh', withCookie(cookie))).status).toBe(401)
    expect((await users('/login', { body: { email, password } })).status).toBe(401)
    expect((await users('/signup', { body: { email, password } })).status).toBe(201)
  })
})

describe('a list of tasks', () => {
  test('that is full takes no more, until one is deleted', async () => {
    const { token } = await newAccount()
    const url = `${course.tasks.url}/tasks`
    const add = (bearer = token) => requestJson(url, { token: bearer, body: { title: 't', text: 'x' } })
    const added = [await add(), await add(), await add()]
    expect(added.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(await add()).toMatchObject({
      status: 409,
      body: { code: 'too-many-tasks', message: expect.stringContaining('delete some') },
    })
    expect((await add((await newAccount()).token)).status).toBe(201)
    const first = course.tasks.url + added[0]?.headers.get('location')
    expect((await requestJson(first, { method: 'DELETE', token })).status).toBe(200)
    expect((await add()).status).toBe(201)
  })
})

describe('a task', () => {
  test('of twenty edits at once for one ETag one is made, the others are told', async () => {
    const { token } = await newAccount()
    const body = { title: 't', text: 'x' }
    await requestJson(`${course.tasks.url}/tasks`, { token, body })
    const list = await requestJson(`${course.tasks.url}/tasks?view=full`, { token })
    const [task] = (list.body as { readonly tasks: readonly { readonly id: string }[] }).tasks
    const url = `${course.tasks.url}/tasks/${task?.id}`
    const ifMatch = (await requestJson(url, { token })).headers.get('etag') ?? ''
    const edit = (title: string) =>
      requestJson(url, { method: 'PATCH', token, body: { title }, headers: { 'if-match': ifMatch } })
    const replies = await Promise.all(Array.from({ length: 20 }, (_, index) => edit(`edit ${index}`)))
    expect(replies.filter(({ status }) => status === 412)).toHaveLength(19)
    const winner = replies.findIndex(({ status }) => status === 200)
    const kept = (await requestJson(`${course.tasks.url}/tasks`, { token })).body
    expect(kept).toMatchObject({ tasks: [{ title: `edit ${winner}` }] })
  })

  test('two tabs lose no update: ETag and If-Match', async () => {
    const { token } = await newAccount()
    const stored = await requestJson(`${course.tasks.url}/tasks`, { token, body: { title: 'a', text: 'b' } })
    const url = course.tasks.url + stored.headers.get('location')
    const etag = stored.headers.get('etag') ?? ''
    const patch = (body: object, ifMatch: string) =>
      requestJson(url, { method: 'PATCH', token, body, headers: { 'if-match': ifMatch } })
    expect(await patch({ done: true }, etag)).toMatchObject({
      status: 200,
      body: { task: { done: true, title: 'a' } },
    })
    expect(await patch({ title: 'lost' }, etag)).toMatchObject({
      status: 412,
      body: { code: 'task-outdated' },
    })
    expect((await patch({ title: 'x' }, 'nonsense')).status).toBe(400)
    expect((await patch({ title: 'x' }, 'W/"2"')).status).toBe(412)
    const shown = await requestJson(url, { token })
    expect(shown.body).toMatchObject({ task: { title: 'a', done: true, version: 2 } })
    const known = await requestJson(url, { token, headers: { 'if-none-match': 'W/"2"' } })
    expect([known.status, known.headers.get('etag'), known.body]).toEqual([304, '"2"', undefined])
    // RFC 9110 §8.6: it would be the length of the 200, which is not known.
    expect(known.headers.get('content-length')).toBeNull()
    expect(known.headers.get('cache-control')).toBe('private, no-cache')
    const remove = (ifMatch: string) =>
      requestJson(url, { method: 'DELETE', token, headers: { 'if-match': ifMatch } })
    expect((await remove(etag)).status).toBe(412)
    expect((await remove(shown.headers.get('etag') ?? '')).status).toBe(200)
    expect((await requestJson(url, { token })).status).toBe(404)
  })

  test('V45 of somebody else is as absent as one that never was', async () => {
    const [owner, stranger] = [await newAccount(), await newAccount()]
    const stored = await requestJson(`${course.tasks.url}/tasks`, {
      token: owner.token,
      body: { title: 'a', text: 'b' },
    })
    for (const path of [
      stored.headers.get('location') ?? '',
      `/tasks/${'0'.repeat(26)}`,
      '/tasks/nonsense',
    ]) {
      for (const method of ['GET', 'DELETE']) {
        expect((await requestJson(course.tasks.url + path, { method, token: stranger.token })).status).toBe(
          404,
        )
      }
      const change = { method: 'PATCH', token: stranger.token, body: { done: true } }
      expect((await requestJson(course.tasks.url + path, change)).status).toBe(404)
    }
  })
})
