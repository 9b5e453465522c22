import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { requestJson, startCourse, type Course } from '@postern/testing'
import { request as rawRequest } from 'node:http'

// Several processes start here; on a busy machine that takes its time.
jest.setTimeout(90_000)

let course: Course

beforeAll(async () => {
  course = await startCourse({
    demo: false,
    env: { LOGIN_LIMIT_PER_ADDRESS: '1000', LOGIN_LIMIT_PER_ACCOUNT: '120' },
  })
})

afterAll(() => course.stop())

const login = async (email: unknown, password: unknown) =>
  requestJson(`${course.users.url}/login`, { body: { email, password } })
const signup = async (email: unknown, password: unknown) =>
  requestJson(`${course.users.url}/signup`, { body: { email, password } })
const tokenOf = ({ body }: { readonly body: unknown }) => (body as { readonly token: string }).token
const newAccount = async (email: string, password = 'long enough') => {
  expect((await signup(email, password)).status).toBe(201)
  return tokenOf(await login(email, password))
}

/** Sends an Authorization header exactly as given; fetch would refuse some. */
function statusWith(authorization: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    rawRequest(`${course.tasks.url}/tasks`, { headers: { authorization } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

describe('the course without demo mode', () => {
  test.each(['testers', 'tester'])('V46, D1 refuses test@test.com with %s', async (password) => {
    expect(await login('test@test.com', password)).toMatchObject({
      status: 401,
      body: { message: 'Logging in failed!' },
    })
  })

  test('V46, D3 refuses the token abc', async () => {
    expect(await requestJson(`${course.tasks.url}/tasks`, { token: 'abc' })).toMatchObject({
      status: 401,
      body: { message: 'Could not verify token.' },
    })
  })

  test.each(['GET', 'PUT'])('V46, D5 has no legacy route: %s', async (method) => {
    for (const path of ['/hashed-password/x', '/token/x_hash/x', '/verify-token/abc']) {
      expect((await requestJson(course.auth.url + path, { method })).status).toBe(404)
    }
  })

  test('V46 has no toggles', async () => {
    expect((await requestJson(`${course.users.healthUrl}/readiness/status`)).status).toBe(404)
    expect((await fetch(`${course.users.healthUrl}/readiness`)).status).toBe(200)
  })

  test('D2 wants eight characters', async () => {
    expect(await signup('short@test.com', 'aaa')).toMatchObject({
      status: 422,
      body: { message: 'The password needs at least 8 characters!', code: 'password-too-short' },
    })
  })

  test('W14 allows no other origin', async () => {
    const { headers } = await requestJson(`${course.tasks.url}/tasks`, { headers: { origin: 'http://x' } })
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })

  test.each([
    'Bearer ../hashed-password/x',
    'Basic abc',
    'Bearer abc?x=1',
    'Bearer %61bc',
    'Bearer',
    'Bearer a b',
    'abc',
  ])('V40, W9 refuses Authorization: %s', async (authorization) => {
    expect(await statusWith(authorization)).toBe(401)
  })

  test.each([
    'p#q-long',
    'p?q-long',
    'a/b-long',
    '100%-long',
    'pässwörd',
    '한한한한한한한한',
    'p&q=1+2 3',
    '../../../x',
  ])('V41 signs up and logs in with the password %s', async (password) => {
    const email = `v41-${Buffer.from(password).toString('hex')}@test.com`
    expect((await signup(email, password)).status).toBe(201)
    expect((await login(email, password)).status).toBe(200)
    expect((await login(email, `${password} `)).status).toBe(401)
  })

  test('a password typed on a Mac is the one typed on a PC', async () => {
    expect((await signup('nfc@test.com', 'pässwörd'.normalize('NFC'))).status).toBe(201)
    expect((await login('nfc@test.com', 'pässwörd'.normalize('NFD'))).status).toBe(200)
  })

  test.each([
    [1, 'text'],
    ['a@b.c', 5],
    ['a@b.c', ['x']],
    [{ a: 1 }, 'x'],
    ['', 'x'],
    ['a@b.c', '   '],
    [null, null],
    ['a@b.c', undefined],
    ['a@b.c', 'x'.repeat(300)],
  ])('V42, W7 answers 422 to email %j and password %j', async (email, password) => {
    for (const reply of [await login(email, password), await signup(email, password)]) {
      expect(reply).toMatchObject({
        status: 422,
        body: {
          message: 'An email and password needs to be specified!',
          errors: expect.arrayContaining([{ field: expect.any(String), message: expect.any(String) }]),
        },
      })
    }
  })

  test.each([
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'email=a&password=b', 422],
    ['no body', { 'content-type': 'application/json' }, '', 422],
    ['no body and no type', {}, '', 422],
    ['broken JSON', { 'content-type': 'application/json' }, '{"email":', 400],
    ['a body of 300 kB', { 'content-type': 'application/json' }, `{"email":"${'x'.repeat(300_000)}"}`, 413],
  ])('W26 answers %s with a JSON problem', async (_what, headers, body, status) => {
    const reply = await fetch(`${course.users.url}/login`, { method: 'POST', headers, body: body || null })
    expect(reply.status).toBe(status)
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(await reply.json()).toMatchObject({
      message: expect.stringMatching(/./),
      status,
      code: expect.any(String),
    })
  })

  test('W26 answers an unknown address and a wrong method with JSON problems', async () => {
    expect(await requestJson(`${course.users.url}/nothing`)).toMatchObject({
      status: 404,
      body: { code: 'not-found' },
    })
    const wrong = await requestJson(`${course.users.url}/login`)
    expect(wrong).toMatchObject({ status: 405, body: { code: 'method-not-allowed' } })
    expect(wrong.headers.get('allow')).toBe('POST')
  })

  test('W4 answers an unknown account and a wrong password alike', async () => {
    await newAccount('known@test.com')
    const unknown = await login('unknown@test.com', 'long enough')
    const wrong = await login('known@test.com', 'wrong password')
    const shown = ({ status, body }: typeof wrong) => ({ status, ...(body as object), requestId: '' })
    expect(shown(unknown)).toEqual(shown(wrong))
  })

  test('V45, W10 keeps the tasks of two accounts apart', async () => {
    const [one, other] = await Promise.all([newAccount('one@test.com'), newAccount('other@test.com')])
    await requestJson(`${course.tasks.url}/tasks`, { token: one, body: { title: 'mine', text: 'x' } })
    expect((await requestJson(`${course.tasks.url}/tasks`, { token: other })).body).toEqual({
      message: 'Tasks loaded.',
      tasks: [],
    })
  })

  test('V44, W11 keeps a text that holds the original separator', async () => {
    const token = await newAccount('split@test.com')
    const body = { title: 'TASK_SPLIT', text: 'a TASK_SPLIT b' }
    expect((await requestJson(`${course.tasks.url}/tasks`, { token, body })).status).toBe(201)
    expect((await requestJson(`${course.tasks.url}/tasks`, { token })).body).toMatchObject({ tasks: [body] })
  })

  test('S2.10, D9 answers an empty list before the first task', async () => {
    const token = await newAccount('fresh@test.com')
    expect(await requestJson(`${course.tasks.url}/tasks`, { token })).toMatchObject({
      status: 200,
      body: { message: 'Tasks loaded.', tasks: [] },
    })
  })

  test.each([
    {},
    { title: 'x' },
    { title: ' ', text: 'x' },
    { title: 'x'.repeat(300), text: 'x' },
    { title: 1, text: 2 },
    [],
  ])('W13 answers 422 to the task %j', async (body) => {
    const token = await newAccount('w13@test.com')
    expect(await requestJson(`${course.tasks.url}/tasks`, { token, body })).toMatchObject({ status: 422 })
  })

  test('S2.10 pages a list by limit and after', async () => {
    const token = await newAccount('pages@test.com')
    for (const title of ['a', 'b', 'c']) {
      await requestJson(`${course.tasks.url}/tasks`, { token, body: { title, text: 'x' } })
    }
    const first = await requestJson(`${course.tasks.url}/tasks?limit=2&view=full`, { token })
    const { next, tasks } = first.body as {
      readonly next: string
      readonly tasks: readonly { readonly id: string }[]
    }
    expect(tasks).toHaveLength(2)
    expect(tasks[1]?.id).toBe(next)
    const second = await requestJson(`${course.tasks.url}/tasks?limit=2&after=${next}`, { token })
    expect(second.body).toEqual({ message: 'Tasks loaded.', tasks: [{ title: 'c', text: 'x' }] })
    expect((await requestJson(`${course.tasks.url}/tasks?limit=0`, { token })).status).toBe(422)
  })

  test('D4 100 sign-ups of one address at once make one account', async () => {
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, index) => signup('race@test.com', `password number ${index}`)),
    )
    const count = (status: number) => replies.filter((reply) => reply.status === status).length
    expect([count(201), count(409)]).toEqual([1, 99])
    const winner = replies.findIndex(({ status }) => status === 201)
    expect((await login('race@test.com', `password number ${winner}`)).status).toBe(200)
  })

  test('W27 one account may be tried so often in a minute, then the answer says how long to wait', async () => {
    await newAccount('tried@test.com')
    const replies = await Promise.all(
      Array.from({ length: 130 }, () => login('TRIED@test.com', 'a wrong one')),
    )
    const refused = replies.filter(({ status }) => status === 429)
    // The account's own sign-up and log-in were the first two.
    expect(replies.filter(({ status }) => status === 401)).toHaveLength(118)
    expect(refused).toHaveLength(12)
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(refused[0]?.body).toMatchObject({
      message: expect.stringMatching(/^Too many attempts/),
      status: 429,
    })
    // Another account is not touched.
    expect((await login('nobody@test.com', 'a wrong one')).status).toBe(401)
  })

  test('W27 signing up again tells whether a password is right, so it counts as a log-in', async () => {
    await newAccount('guessed@test.com')
    const replies = await Promise.all(
      Array.from({ length: 130 }, (_, index) => signup('guessed@test.com', `guess number ${index}`)),
    )
    expect(replies.filter(({ status }) => status === 409)).toHaveLength(118)
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(12)
    expect((await login('guessed@test.com', 'long enough')).status).toBe(429)
  })
})
