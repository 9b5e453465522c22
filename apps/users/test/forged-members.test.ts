import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { requestJson, startCourse, type Course, type JsonReply } from '@postern/testing'

// Members that a client adds to a body in the hope that a service stores them, and places in a list that are not its own.

// Several processes start here; on a busy machine that takes its time.
jest.setTimeout(90_000)

const password = 'long enough'
const forged = {
  ...{ uid: 'u1', id: 'f'.repeat(26), done: true, version: 99, createdAt: '2000-01-01T00:00:00.000Z' },
  ...{ created_at: 'x', email_key: 'x', password_hash: 'x', role: 'admin', session: true, rehash: 'x' },
}

let course: Course

beforeAll(async () => {
  course = await startCourse({ demo: false })
})
afterAll(() => course.stop())

const tokenOf = ({ body }: JsonReply) => (body as { readonly token: string }).token
const users = (path: string, request: Parameters<typeof requestJson>[1] = {}) =>
  requestJson(course.users.url + path, request)
const tasks = (path: string, request: Parameters<typeof requestJson>[1] = {}) =>
  requestJson(`${course.tasks.url}/tasks${path}`, request)

async function newAccount(email: string): Promise<string> {
  expect((await users('/signup', { body: { ...forged, email, password } })).status).toBe(201)
  return tokenOf(await users('/login', { body: { ...forged, email, password } }))
}

test('an account is its own, whatever its sign-up and log-in said', async () => {
  const token = await newAccount('forger@test.com')
  const { uid } = (await users('/me', { token })).body as { readonly uid: string }
  expect(uid).toMatch(/^[0-9a-f-]{36}$/)
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object
  expect(claims).toMatchObject({ sub: uid, email: 'forger@test.com' })
  expect(claims).not.toHaveProperty('role')
})

test('a new task is of its author, with an id, version and time of our making', async () => {
  const [token, other] = [await newAccount('author@test.com'), await newAccount('other@test.com')]
  const body = { ...forged, title: 't', text: 'x' }
  const { status, headers } = await tasks('?view=full', { token, body })
  expect([status, headers.get('etag')]).toEqual([201, '"1"'])
  const { tasks: own } = (await tasks('?view=full', { token })).body as { readonly tasks: readonly object[] }
  expect(own).toHaveLength(1)
  expect(own[0]).toMatchObject({ title: 't', done: false, version: 1 })
  for (const name of ['id', 'createdAt'] as const) expect(own[0]).not.toMatchObject({ [name]: forged[name] })
  expect((await tasks('', { token: other })).body).toMatchObject({ tasks: [] })
})

test('a change takes what may change, and nothing of a body that has more', async () => {
  const token = await newAccount('changer@test.com')
  const { headers } = await tasks('', { token, body: { title: 't', text: 'x' } })
  const url = course.tasks.url + headers.get('location')
  for (const [name, value] of Object.entries(forged)) {
    if (name === 'done') continue
    const change = { method: 'PATCH', token, body: { title: 'changed', [name]: value } }
    expect([name, (await requestJson(url, change)).status]).toEqual([name, 422])
  }
  expect((await requestJson(url, { token })).body).toMatchObject({ task: { title: 't', version: 1 } })
})

test('the place of somebody else’s task in a list shows nothing but the own tasks', async () => {
  const [token, other] = [await newAccount('first@test.com'), await newAccount('second@test.com')]
  const theirs = (await tasks('', { token: other, body: { title: 'theirs', text: 'x' } })).headers.get(
    'location',
  )
  await tasks('', { token, body: { title: 'mine', text: 'x' } })
  for (const after of [theirs?.slice('/tasks/'.length) ?? '', '0'.repeat(26)])
    expect((await tasks(`?after=${after}`, { token })).body).toMatchObject({ tasks: [{ title: 'mine' }] })
  for (const after of ['', '%00', "0'%20or%201=1--", '0'.repeat(27), 'F'.repeat(26), '-1'])
    expect([after, (await tasks(`?after=${after}`, { token })).status]).toEqual([after, 422])
})
