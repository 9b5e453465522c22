import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { generateSigningKey, openKeyFolder } from '@postern/auth'
import { requestJson, startApp, until, type AppProcess } from '@postern/testing'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

jest.setTimeout(300_000)

const ROTATIONS = 3
const CLIENTS = 6
/** Tokens are used while they are younger than this; they live longer by enough for a machine that stalls. */
const USED_FOR_MS = 10_000
// A new key is published for longer than verifiers wait between two fetches of the key set (10 s).
const TIMES = { ACCESS_TOKEN_SECONDS: '15', JWT_PUBLISH_SECONDS: '12' }
const PASSWORD = 'a-password-of-the-rotation'

let folder: string
let issuers: readonly AppProcess[] = []
let verifiers: readonly AppProcess[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotation-'))
  const env = { APP_ENV: 'test', ARGON2_MEMORY_KIB: '64', ARGON2_PASSES: '1', ...TIMES }
  // Two replicas start for the first time at once, on one folder of keys.
  issuers = await Promise.all(
    [1, 2].map((replica) =>
      startApp({
        folder: 'apps/auth',
        cwd: folder,
        env: { ...env, JWT_KEY_FOLDER: 'keys', DATABASE_URL: `sqlite:sessions-${replica}.db` },
      }),
    ),
  )
  verifiers = await Promise.all(
    issuers.map(({ url }, index) =>
      startApp({
        folder: 'apps/tasks',
        cwd: folder,
        env: { APP_ENV: 'test', AUTH_ADDRESS: new URL(url).host, TASKS_FOLDER: `tasks-${index}` },
      }),
    ),
  )
})
afterAll(async () => {
  await Promise.all([...issuers, ...verifiers].map((app) => app.stop()))
  await rm(folder, { recursive: true, force: true })
})

interface Issued {
  readonly token: string
  readonly atMs: number
}

/** What the clients saw. */
interface Seen {
  readonly kids: Set<string>
  readonly wrongly: string[]
  requests: number
  forgeries: number
}

const kidOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { readonly kid: string }).kid
const keyFolder = () => openKeyFolder(join(folder, 'keys'))

async function issue(issuer: AppProcess | undefined, hash: string): Promise<Issued> {
  const atMs = performance.now()
  const subject = { uid: 'u1', email: 'e@test.com' }
  const { body } = await requestJson(`${issuer?.url}/tokens`, { body: { hash, password: PASSWORD, subject } })
  return { token: (body as { readonly token: string }).token, atMs }
}

/** Asks one replica of tasks with one token of one replica of auth, new or old, over and over; sometimes with a key id that nobody has. */
async function useTokens(client: number, hash: string, seen: Seen, over: () => boolean): Promise<void> {
  let known: readonly Issued[] = []
  for (let turn = client; !over(); turn += 1) {
    const fresh = await issue(issuers[turn % 2], hash)
    known = [...known, fresh].filter(({ atMs }) => performance.now() - atMs < USED_FOR_MS)
    seen.kids.add(kidOf(fresh.token))
    const list = `${verifiers[(turn >> 1) % 2]?.url}/tasks`
    for (const { token } of [fresh, known[0] ?? fresh]) {
      const { status } = await requestJson(list, { token })
      if (status !== 200) seen.wrongly.push(`${status} for a key ${kidOf(token)}`)
      seen.requests += 1
    }
    if (turn % 5 === 0) {
      const header = Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: `k${turn}` }))
      const forged = [header.toString('base64url'), ...fresh.token.split('.').slice(1)].join('.')
      if ((await requestJson(list, { token: forged })).status === 401) seen.forgeries += 1
      else seen.wrongly.push('a forged token was not refused')
    }
    await sleep(20)
  }
}

test('two replicas that start at once sign with one key', async () => {
  const { body } = await requestJson(`${issuers[0]?.url}/passwords/hash`, { body: { password: PASSWORD } })
  const { hash } = body as { readonly hash: string }
  const tokens = await Promise.all(issuers.map((issuer) => issue(issuer, hash)))
  expect(new Set(tokens.map(({ token }) => kidOf(token))).size).toBe(1)
})

test('three rotations under load through two replicas of auth and two of tasks refuse nothing that is valid', async () => {
  const { body } = await requestJson(`${issuers[0]?.url}/passwords/hash`, { body: { password: PASSWORD } })
  const { hash } = body as { readonly hash: string }
  const seen: Seen = { kids: new Set(), wrongly: [], requests: 0, forgeries: 0 }
  const [first] = keyFolder().read()
  let over = false
  const load = Promise.all(
    Array.from({ length: CLIENTS }, (_, client) => useTokens(client, hash, seen, () => over)),
  )
  const rotating = (async () => {
    for (let rotation = 0; rotation < ROTATIONS; rotation += 1) {
      // As an operator does it: one more file in the folder.
      const next = generateSigningKey(new Date())
      keyFolder().add(next)
      await until('the new key signs', () => seen.kids.has(next.kid), 60_000)
    }
    const keys = () =>
      keyFolder()
        .read()
        .map(({ kid }) => kid)
    await until('the first key is gone', () => !keys().includes(first?.kid ?? ''), 90_000)
  })().finally(() => (over = true))
  await Promise.all([load, rotating])
  expect(seen.wrongly).toEqual([])
  expect(seen.kids.size).toBe(ROTATIONS + 1)
  expect(seen.requests).toBeGreaterThan(500)
  expect(seen.forgeries).toBeGreaterThan(20)
})
