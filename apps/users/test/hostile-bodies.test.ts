import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { requestJson, startCourse, type Course } from '@postern/testing'

// Bodies that are made to make a service slow, to end it, or to change what its code is made of.

// Several processes start here; on a busy machine that takes its time.
jest.setTimeout(90_000)

/** Just below the limit of a body (`BODY_LIMIT_BYTES`). */
const LONG = 99_000
/** What is refused is refused in milliseconds; quadratic work on a body of that length takes ten seconds of a fast machine. */
const SOON_MS = 4_000

const long = (text: string) =>
  text.repeat(Math.floor(LONG / Buffer.byteLength(JSON.stringify(text).slice(1, -1))))
const keys = Object.fromEntries(Array.from({ length: 9_000 }, (_, index) => [`k${index}`, 1]))
const BODIES: readonly (readonly [string, string])[] = [
  ['text that is too long', JSON.stringify({ email: long('a'), password: long('\u0001') })],
  ['long text that ends in U+0000', JSON.stringify({ email: 'a', password: `${'a'.repeat(LONG - 60)}\0\0` })],
  ['long blanks', JSON.stringify({ title: long(' '), text: long('\t') })],
  [
    'letters with many accents',
    JSON.stringify({ title: `e${long('\u0301')}`, text: 'x', email: 'x', password: '' }),
  ],
  ['one U+0000', JSON.stringify({ title: 'a\0', text: 'a\0', email: 'a@b.c\0', password: 'long enough\0' })],
  ['arrays in arrays', `${'['.repeat(LONG / 2)}${']'.repeat(LONG / 2)}`],
  ['objects in objects', `{"title":${'{"a":'.repeat(LONG / 7)}1${'}'.repeat(LONG / 7)}}`],
  ['many members', JSON.stringify(keys)],
  ['a long array', `[${'1,'.repeat(LONG / 2 - 2)}1]`],
  ['a long number', `{"title":1${'0'.repeat(LONG - 60)}}`],
  [
    'a new prototype',
    '{"__proto__":{"uid":"u1"},"title":"a","text":"b","email":"a@b.c","password":"long enough"}',
  ],
  ['a new constructor', '{"constructor":{"prototype":{"uid":"u1"}},"title":"a","text":"b"}'],
]

let course: Course
let token = ''

beforeAll(async () => {
  course = await startCourse({ demo: false, env: { LOGIN_LIMIT_PER_ADDRESS: '100000' } })
  const body = { email: 'hostile@test.com', password: 'long enough' }
  await requestJson(`${course.users.url}/signup`, { body })
  token = ((await requestJson(`${course.users.url}/login`, { body })).body as { readonly token: string })
    .token
})
afterAll(() => course.stop())

describe.each(BODIES)('%s', (_what, body) => {
  test('is refused at once by every route that takes a body, and the service goes on', async () => {
    const { users, tasks, auth } = course
    const routes = [
      ...['/signup', '/login', '/logout'].map((path) => ['POST', users.url + path]),
      ['PATCH', `${users.url}/me`],
      ['DELETE', `${users.url}/me`],
      ['POST', `${tasks.url}/tasks`],
      ['PATCH', `${tasks.url}/tasks/${'0'.repeat(26)}`],
      ...['/tokens', '/tokens/verify', '/passwords/hash', '/sessions/end-all'].map((path) => [
        'POST',
        auth.url + path,
      ]),
    ] as const
    for (const [method = '', url = ''] of routes) {
      const before = performance.now()
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
      const { status } = await fetch(url, { method, headers, body })
      expect([method, url, performance.now() - before < SOON_MS]).toEqual([method, url, true])
      expect([400, 401, 403, 404, 413, 422]).toContain(status)
    }
    for (const { url } of [users, tasks, auth]) expect((await fetch(`${url}/openapi.json`)).status).toBe(200)
  })
})

test('nothing of it was kept, and nobody became somebody else', async () => {
  expect((await requestJson(`${course.tasks.url}/tasks`, { token })).body).toMatchObject({ tasks: [] })
  expect((await requestJson(`${course.users.url}/me`, { token })).body).toMatchObject({
    email: 'hostile@test.com',
  })
})
