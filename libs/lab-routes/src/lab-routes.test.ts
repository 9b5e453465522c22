import { afterAll, describe, expect, test } from '@jest/globals'
import Fastify from 'fastify'
import { demoAccount, helloRoutes, loginRoute, secureRoute, textRoutes, versionRoute } from './index.ts'

const PLAIN = 'text/plain; charset=utf-8'
const HELLO = '{"message":"Hello"}\n'
const REFUSED = 'authorization failed\n'
const basic = (username: string, password: string) =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`

const app = Fastify()
app.register(loginRoute, { secret: 'other', account: demoAccount })
app.register(secureRoute, { secret: 'other' })
app.register(versionRoute, { version: '2.0.0' })
app.register(helloRoutes)
afterAll(() => app.close())

async function login(): Promise<string> {
  const reply = await app.inject({ url: '/login', headers: { authorization: basic('user', 'password') } })
  return reply.json<{ token: string }>().token
}

describe('hello', () => {
  test.each([
    ['GET', '/'],
    ['GET', '/nothing/here?x=1'],
    ['GET', '/secure/'],
    ['POST', '/'],
    ['PUT', '/a'],
    ['DELETE', '/a'],
    ['OPTIONS', '/a'],
    ['PROPFIND', '/a'],
  ])('%s %s greets', async (method, url) => {
    const reply = await app.inject({ method: method as 'GET', url })
    expect([reply.statusCode, reply.headers['content-type'], reply.body]).toEqual([200, PLAIN, HELLO])
  })

  test('HEAD has the length of the greeting and no body', async () => {
    const reply = await app.inject({ method: 'HEAD', url: '/' })
    expect([reply.statusCode, reply.headers['content-length'], reply.body]).toEqual([200, '20', ''])
  })

  test.each(['application/json', 'text/xml', 'application/x-www-form-urlencoded', 'garbage'])(
    'a body of %s is not looked at',
    async (type) => {
      const reply = await app.inject({
        method: 'POST',
        url: '/',
        headers: { 'content-type': type },
        body: '{',
      })
      expect([reply.statusCode, reply.body]).toEqual([200, HELLO])
    },
  )
})

describe('/login', () => {
  test.each(['GET', 'POST', 'PUT'] as const)('%s with the account gives a token', async (method) => {
    const headers = { authorization: basic('user', 'password') }
    const reply = await app.inject({ method, url: '/login', headers })
    expect(reply.statusCode).toBe(200)
    expect(reply.headers['cache-control']).toBe('no-store')
    expect(reply.json<{ token: string }>().token.split('.')).toHaveLength(3)
    expect(reply.body.endsWith('}\n')).toBe(true)
  })

  test.each([
    ['no header', undefined],
    ['a wrong password', basic('user', 'passwort')],
    ['an unknown user', basic('root', 'password')],
    ['a bearer token', 'Bearer abc'],
    ['an unreadable header', 'Basic :::'],
  ])('%s is 401, with one text and no challenge', async (_what, authorization) => {
    const reply = await app.inject({ url: '/login', headers: authorization ? { authorization } : {} })
    expect([reply.statusCode, reply.headers['content-type'], reply.body]).toEqual([401, PLAIN, REFUSED])
    expect(reply.headers['www-authenticate']).toBeUndefined()
  })

  test('without an account nobody logs in', async () => {
    const closed = Fastify().register(loginRoute, { secret: 'other', account: undefined })
    const reply = await closed.inject({
      url: '/login',
      headers: { authorization: basic('user', 'password') },
    })
    expect([reply.statusCode, reply.body]).toEqual([401, REFUSED])
    await closed.close()
  })
})

describe('/secure', () => {
  test('greets with a token of /login', async () => {
    const headers = { authorization: `Bearer ${await login()}` }
    const reply = await app.inject({ url: '/secure', headers })
    expect([reply.statusCode, reply.body]).toEqual([200, HELLO])
  })

  test.each([
    ['no header', '/secure', undefined],
    ['a token in the query', '/secure?access_token=TOKEN', undefined],
    ['a forged token', '/secure', 'Bearer abc.def.ghi'],
    ['two tokens', '/secure', 'Bearer TOKEN TOKEN'],
    ['Basic', '/secure', 'Basic TOKEN'],
  ])('%s is 401', async (_what, url, header) => {
    const token = await login()
    const authorization = header?.replaceAll('TOKEN', token)
    const reply = await app.inject({
      url: url.replace('TOKEN', token),
      headers: authorization ? { authorization } : {},
    })
    expect([reply.statusCode, reply.headers['content-type'], reply.body]).toEqual([401, PLAIN, REFUSED])
  })
})

test('/version tells the version', async () => {
  expect((await app.inject('/version')).body).toBe('{"version":"2.0.0"}\n')
})

test('a text instead of the greeting answers every path', async () => {
  const text = 'Hello, world!\nVersion: {version}\nHostname: {hostname}\n'
  const hello = Fastify().register(textRoutes, { text, version: '1.0.0', hostname: 'web-$&-1' })
  for (const url of ['/', '/version', '/a/b']) {
    expect((await hello.inject(url)).body).toBe('Hello, world!\nVersion: 1.0.0\nHostname: web-$&-1\n')
  }
  await hello.close()
})
