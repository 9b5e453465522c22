import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { requestJson, startCourse, type Course } from '@postern/testing'

// Several processes start here; on a busy machine that takes its time.
jest.setTimeout(90_000)

let course: Course

beforeAll(async () => {
  course = await startCourse({ demo: true })
})

afterAll(() => course.stop())

const login = async (email: string, password: string) =>
  requestJson(`${course.users.url}/login`, { body: { email, password } })
const signup = async (email: string, password: string) =>
  requestJson(`${course.users.url}/signup`, { body: { email, password } })
const tokenOf = ({ body }: { readonly body: unknown }) => (body as { readonly token: string }).token

describe('the course in demo mode', () => {
  test.each(['testers', 'tester'])(
    'V2, V3, D1 logs test@test.com in with %s without a sign-up',
    async (password) => {
      const reply = await login('test@test.com', password)
      expect(reply.status).toBe(200)
      expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8')
      expect(reply.body).toEqual({ token: expect.any(String), tokenType: 'Bearer', expiresIn: 900 })
    },
  )

  test('D1 refuses the demo account with another password', async () => {
    expect(await login('test@test.com', 'wrong')).toMatchObject({
      status: 401,
      body: { message: 'Logging in failed!' },
    })
  })

  test('V4, V5 stores a task with the token abc and lists it', async () => {
    const task = { text: 'A second task', title: 'Do this,too' }
    const stored = await requestJson(`${course.tasks.url}/tasks`, { token: 'abc', body: task })
    expect(stored).toMatchObject({ status: 201 })
    expect(JSON.stringify(stored.body)).toBe(
      '{"message":"Task stored.","createdTask":{"title":"Do this,too","text":"A second task"}}',
    )
    const listed = await requestJson(`${course.tasks.url}/tasks`, { token: 'abc' })
    expect(listed).toMatchObject({ status: 200 })
    expect(JSON.stringify(listed.body)).toBe(
      '{"message":"Tasks loaded.","tasks":[{"title":"Do this,too","text":"A second task"}]}',
    )
  })

  test('V6 answers 401 without a header', async () => {
    expect(await requestJson(`${course.tasks.url}/tasks`)).toMatchObject({
      status: 401,
      body: { message: 'No token provided.' },
    })
  })

  test('V7, D2, D4 signs aaa@aaa.com up twice with three characters and logs in', async () => {
    for (const _ of [1, 2]) {
      expect(await signup('aaa@aaa.com', 'aaa')).toMatchObject({
        status: 201,
        body: { message: 'User created!' },
      })
    }
    expect(await signup('AAA@aaa.com', 'other')).toMatchObject({
      status: 409,
      body: { message: 'User exists already.' },
    })
    expect((await login('aaa@aaa.com', 'aaa')).status).toBe(200)
  })

  test('V8, D3 lists with the token that the log-in gave', async () => {
    const token = tokenOf(await login('test@test.com', 'tester'))
    expect(token.split('.')).toHaveLength(3)
    const body = { text: 'A text', title: 'A title' }
    expect((await requestJson(`${course.tasks.url}/tasks`, { token, body })).status).toBe(201)
    const listed = await requestJson(`${course.tasks.url}/tasks`, { token })
    expect(listed.body).toMatchObject({
      tasks: expect.arrayContaining([{ title: 'A title', text: 'A text' }]),
    })
    // The constant token and the demo log-in are one account.
    expect((await requestJson(`${course.tasks.url}/tasks`, { token: 'abc' })).body).toEqual(listed.body)
  })

  test('V10 answers a preflight without a token, and puts the three headers on refusals too', async () => {
    const preflight = await requestJson(`${course.tasks.url}/tasks`, {
      method: 'OPTIONS',
      headers: {
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    })
    const refusal = await requestJson(`${course.tasks.url}/tasks`)
    expect(preflight.status).toBe(204)
    for (const { headers } of [preflight, refusal]) {
      expect(headers.get('access-control-allow-origin')).toBe('*')
      expect(headers.get('access-control-allow-methods')).toBe('POST,GET,OPTIONS')
      expect(headers.get('access-control-allow-headers')).toBe('Content-Type,Authorization')
    }
  })

  test.each([
    ['/hashed-password/testers', 200, { hashedPassword: 'testers_hash' }],
    ['/token/testers_hash/testers', 200, { message: 'Token created.', token: 'abc' }],
    ['/token/testers_hash/other', 401, { message: 'Passwords do not match.' }],
    ['/verify-token/abc', 200, { message: 'Valid token.', uid: 'u1' }],
    ['/verify-token/abd', 401, { message: 'Token invalid.' }],
    ['/hashed-password/100%', 400, {}],
    [`/hashed-password/${'x'.repeat(150)}`, 200, { hashedPassword: `${'x'.repeat(150)}_hash` }],
  ])('D5 GET %s on auth answers %s', async (path, status, body) => {
    const reply = await requestJson(course.auth.url + path)
    expect(reply).toMatchObject({ status, body })
    if (status === 200) expect(reply.headers.get('cache-control')).toBe('no-store')
  })

  test('D5 the address of a legacy GET route leaves no line in the log', async () => {
    await requestJson(`${course.auth.url}/hashed-password/never-logged-word`)
    await requestJson(`${course.auth.url}/verify-token/never-logged-word`)
    expect(course.output()).not.toContain('never-logged-word')
  })

  test('V47 stores 100 tasks that come at once', async () => {
    await signup('many@test.com', 'many')
    const token = tokenOf(await login('many@test.com', 'many'))
    const titles = Array.from({ length: 100 }, (_, index) => `task ${index}`)
    const stored = await Promise.all(
      titles.map((title) => requestJson(`${course.tasks.url}/tasks`, { token, body: { title, text: 'x' } })),
    )
    expect(stored.map(({ status }) => status)).toEqual(titles.map(() => 201))
    const listed = await requestJson(`${course.tasks.url}/tasks`, { token })
    const { tasks } = listed.body as { readonly tasks: readonly { readonly title: string }[] }
    expect(tasks.map(({ title }) => title).sort()).toEqual([...titles].sort())
  })

  test('the probes and the info route say what runs', async () => {
    const health = course.users.healthUrl
    expect((await fetch(`${health}/healthz`)).status).toBe(200)
    expect((await fetch(`${health}/readiness`)).status).toBe(200)
    expect((await requestJson(`${health}/info`)).body).toMatchObject({ name: 'users', demo: true })
  })

  test('demo mode warns once in each app', () => {
    expect(course.output().match(/demo mode is on/g)).toHaveLength(3)
  })
})
