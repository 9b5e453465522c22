import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { requestJson, startApp, type AppProcess } from '@postern/testing'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Several processes start here; on a busy machine that takes its time.
jest.setTimeout(90_000)

const credentials = { email: 'aaa@aaa.com', password: 'long enough' }

/** Looks like one of ours; only the key set can tell that it is not. */
const token = [{ alg: 'ES256', typ: 'at+jwt', kid: 'x' }, { sub: 'x' }, {}]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.')

let folder: string
/** Takes connections and never answers. */
let silent: Server
const held: Socket[] = []
/** Ended also after a failed assertion. */
const started: AppProcess[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auth-down-'))
  silent = createServer((socket) => {
    held.push(socket)
  })
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
})

afterAll(async () => {
  await Promise.all(started.map((app) => app.stop()))
  for (const socket of held) socket.destroy()
  silent.close()
  await rm(folder, { recursive: true, force: true })
})

async function startPair(
  name: string,
  address: string,
  demo: boolean,
): Promise<readonly [AppProcess, AppProcess]> {
  const env = {
    AUTH_ADDRESS: address,
    AUTH_TIMEOUT_MS: '300',
    DEMO_MODE: demo ? '1' : '0',
    DATABASE_URL: `sqlite:${join(folder, name)}.db`,
    APP_ENV: 'test',
  }
  const pair = await Promise.all([
    startApp({ folder: 'apps/users', env }),
    startApp({ folder: 'apps/tasks', env: { ...env, DATABASE_URL: '', TASKS_FOLDER: join(folder, name) } }),
  ])
  started.push(...pair)
  return pair
}

describe('V43, W6, W8: auth does not answer', () => {
  const silentAddress = () => `127.0.0.1:${(silent.address() as { readonly port: number }).port}`
  test.each([
    ['refuses connections, demo mode', () => '127.0.0.1:1', true, 500],
    ['is silent', silentAddress, false, 503],
    ['has no address', () => 'nowhere.invalid', false, 503],
  ])('%s', async (what, address, demo, signupStatus) => {
    const [users, tasks] = await startPair(what.replaceAll(/\W/g, ''), address(), demo)
    const signup = await requestJson(`${users.url}/signup`, { body: credentials })
    const login = await requestJson(`${users.url}/login`, { body: credentials })
    const list = await requestJson(`${tasks.url}/tasks`, { token })
    const store = await requestJson(`${tasks.url}/tasks`, { token, body: { title: 'x', text: 'x' } })
    expect(signup).toMatchObject({
      status: signupStatus,
      body: { message: 'Creating the user failed - please try again later.' },
    })
    expect(login).toMatchObject({ status: 503, body: { message: 'Logging in failed!' } })
    expect([list.status, store.status]).toEqual([503, 503])
    expect(list.headers.get('retry-after')).toMatch(/^\d+$/)
    for (const { body } of [signup, login, list, store]) {
      expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|localhost|ECONN|ENOTFOUND|nowhere|connect/i)
    }
    // Both are alive and drain as ever.
    expect((await fetch(`${users.healthUrl}/healthz`)).status).toBe(200)
    expect(await Promise.all([users.stop(), tasks.stop()])).toEqual([0, 0])
  })
})

describe('S0.9, S2.12: users alone', () => {
  test('signs up and logs in with a stub of auth', async () => {
    const env = { DEMO_MODE: '1', AUTH_STUB: '1', DATABASE_URL: `sqlite:${join(folder, 'stub')}.db` }
    const users = await startApp({ folder: 'apps/users', env })
    const pair = { email: 'test@test.com', password: 'testers' }
    expect(await requestJson(`${users.url}/signup`, { body: pair })).toMatchObject({ status: 201 })
    expect(await requestJson(`${users.url}/login`, { body: pair })).toMatchObject({
      status: 200,
      body: { token: 'abc' },
    })
    expect(await requestJson(`${users.url}/signup`, { body: credentials })).toMatchObject({ status: 201 })
    expect(await requestJson(`${users.url}/login`, { body: credentials })).toMatchObject({
      body: { token: 'abc' },
    })
    await users.stop()
  })
})
