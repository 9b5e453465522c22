import { afterEach, expect, test } from '@jest/globals'
import { fastify, type FastifyInstance } from 'fastify'
import { sessionCookie, type IssuedSession } from './session-cookie.ts'

let app: FastifyInstance
const SESSION = { refreshToken: 'secret', refreshExpiresIn: 86_400 }

async function start(production: boolean, issued: IssuedSession = SESSION): Promise<void> {
  app = fastify()
  const cookie = await sessionCookie(app, production)
  app.get('/write', (request, reply) => {
    cookie.write(request, reply, issued)
    return reply.send()
  })
  app.get('/clear', (request, reply) => {
    cookie.clear(request, reply)
    return reply.send()
  })
  app.get('/read', (request) => ({ cookie: cookie.read(request) ?? null }))
}
afterEach(() => app.close())

const HTTPS = { 'x-forwarded-proto': 'https' }
const setCookie = async (url: string, headers = {}) =>
  (await app.inject({ url, headers })).headers['set-cookie']
const read = async (cookie: string, headers = {}) =>
  (await app.inject({ url: '/read', headers: { ...headers, cookie } })).json<{ readonly cookie: unknown }>()
    .cookie

test.each([
  ['by HTTPS', false, HTTPS],
  ['in production', true, {}],
])('%s the cookie belongs to this host alone', async (_how, production, headers) => {
  await start(production)
  expect(await setCookie('/write', headers)).toBe(
    '__Host-refresh=secret; Max-Age=86400; Path=/; HttpOnly; Secure; SameSite=Strict',
  )
  expect(await setCookie('/clear', headers)).toMatch(
    /^__Host-refresh=; Max-Age=0; Path=\/; .*HttpOnly; Secure; SameSite=Strict/,
  )
  expect(await read('refresh=planted; __Host-refresh=own', headers)).toBe('own')
  expect(await read('refresh=planted', headers)).toBeNull()
})

test('without a session there is no cookie, and without its time it lasts as long as the browser', async () => {
  await start(false, {})
  expect(await setCookie('/write')).toBeUndefined()
  await app.close()
  await start(false, { refreshToken: 'secret' })
  expect(await setCookie('/write')).toBe('refresh=secret; Path=/; HttpOnly; SameSite=Strict')
})

test('an empty cookie and one that is too long are none', async () => {
  await start(false)
  expect(await read('refresh=')).toBeNull()
  expect(await read(`refresh=${'x'.repeat(513)}`)).toBeNull()
  expect(await read(`refresh=${'x'.repeat(512)}`)).toBe('x'.repeat(512))
})

test('by plain HTTP it has no prefix, which browsers would refuse', async () => {
  await start(false)
  expect(await setCookie('/write')).toBe('refresh=secret; Max-Age=86400; Path=/; HttpOnly; SameSite=Strict')
  expect(await read('refresh=own')).toBe('own')
})
