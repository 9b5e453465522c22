import { expect, jest, test } from '@jest/globals'
import { requestJson, startCourse, type Course, type JsonReply } from '@postern/testing'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

// Several processes start here; on a busy machine that takes its time.
jest.setTimeout(90_000)

const PASSWORD = 'a-password-to-look-for'
const NEW_PASSWORD = 'the-next-password-to-look-for'
const WRONG_PASSWORD = 'a-mistyped-one-to-look-for'
/** Of whatever account: PHC strings, signed tokens (a base64url of `{"`), the course's hashes, private keys. */
const SHAPES = [/\$argon2/, /eyJ[\w-]{10,}\.[\w-]+\.[\w-]*/, /[\w-]{4,}_hash/, /PRIVATE KEY/]

const cookieOf = ({ headers }: JsonReply) => headers.getSetCookie()[0]?.split(';')[0] ?? ''
const tokenOf = ({ body }: JsonReply) => (body as { readonly token: string }).token

/** `{"alg":"none"}` with the claims of the real token: the attack whose token looks most like a real one. */
const forge = (token: string) =>
  `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${token.split('.')[1]}.`

/** Uses everything that takes a secret, rightly and wrongly, and gives the secrets that went over the wire. */
async function useEverything({ auth, users, tasks }: Course): Promise<readonly string[]> {
  const account = { email: 'scan@test.com', password: PASSWORD }
  await requestJson(`${users.url}/signup`, { body: account })
  await requestJson(`${users.url}/login`, { body: { ...account, password: WRONG_PASSWORD } })
  const login = await requestJson(`${users.url}/login`, { body: account })
  const [token, cookie] = [tokenOf(login), cookieOf(login)]
  const renewed = await requestJson(`${users.url}/refresh`, { method: 'POST', headers: { cookie } })
  const [nextToken, nextCookie] = [tokenOf(renewed), cookieOf(renewed)]
  await requestJson(`${users.url}/refresh`, { method: 'POST', headers: { cookie } })

  const forged = forge(token)
  for (const bearer of [token, nextToken, forged, `${token}x`]) {
    await requestJson(`${tasks.url}/tasks`, { token: bearer, body: { title: 't', text: 'x' } })
    await requestJson(`${tasks.url}/tasks/${bearer}?token=${bearer}`, { token: bearer })
    await requestJson(`${users.url}/me`, { token: bearer })
    await requestJson(`${auth.url}/auth/verify?token=${bearer}`, { token: bearer })
    await requestJson(`${auth.url}/verify-token/${bearer}`)
    await requestJson(`${auth.url}/tokens/verify`, { body: { token: bearer } })
  }
  await requestJson(`${auth.url}/hashed-password/${PASSWORD}`)
  await requestJson(`${auth.url}/token/${PASSWORD}_hash/${PASSWORD}`)
  await requestJson(`${auth.url}/token/${PASSWORD}_hash/${WRONG_PASSWORD}`)
  const hashed = await requestJson(`${auth.url}/passwords/hash`, { body: { password: PASSWORD } })

  // Bodies that no schema and no parser accepts are the likeliest to be quoted in an error.
  const json = { 'content-type': 'application/json' }
  for (const body of [`{"password":"${PASSWORD}"`, `{"email":1,"password":["${PASSWORD}"]}`])
    await fetch(`${users.url}/login`, { method: 'POST', headers: json, body })
  await fetch(`${users.url}/login`, { method: 'POST', body: `password=${PASSWORD}` })
  await requestJson(`${users.url}/me`, {
    method: 'PATCH',
    token,
    body: { password: PASSWORD, newPassword: NEW_PASSWORD },
  })
  await requestJson(`${users.url}/logout`, { method: 'POST', headers: { cookie: nextCookie } })
  const secretPart = (text: string) => text.slice(text.lastIndexOf('.') + 1)
  const cookies = [cookie, nextCookie].map((one) => secretPart(one))
  expect([login.status, renewed.status, hashed.status]).toEqual([200, 200, 200])
  return [PASSWORD, NEW_PASSWORD, WRONG_PASSWORD, token, nextToken, forged, ...cookies]
}

/** The private halves of auth's keys, line by line as a careless log would break them. */
function privateKeysIn(folder: string): readonly string[] {
  const keys = join(folder, 'data/auth-keys')
  const files = readdirSync(keys).filter((name) => name.endsWith('.pem'))
  const lines = files.flatMap((name) => readFileSync(join(keys, name), 'utf8').split('\n'))
  return lines.filter((line) => /^[\w+/=]{20,}$/.test(line))
}

test.each([true, false])('V48, W25 no log holds a password, token or hash (demo mode: %s)', async (demo) => {
  const course = await startCourse({ demo, env: { LOG_LEVEL: 'debug' } })
  try {
    const secrets = [...(await useEverything(course)), ...privateKeysIn(course.folder)]
    await course.auth.stop()
    await course.tasks.stop()
    await course.users.stop()
    for (const app of [course.auth, course.tasks, course.users]) expect(app.output()).toContain('"path":"/')
    const lines = course.output().split('\n')
    expect(secrets.filter((secret) => secret.length < 8)).toEqual([])
    expect(privateKeysIn(course.folder).length).toBeGreaterThanOrEqual(2)
    expect(lines.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([])
    expect(lines.filter((line) => SHAPES.some((shape) => shape.test(line)))).toEqual([])
  } finally {
    await course.stop()
  }
})
