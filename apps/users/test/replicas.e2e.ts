import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { requestJson, startApp, startPostgres, startRedis, type AppProcess } from '@postern/testing'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPartNamed } from '@postern/testing/parts'

const [initdb, redisServer] = [findPartNamed('PostgreSQL'), findPartNamed('Redis')]
const withParts = initdb === undefined || redisServer === undefined ? describe.skip : describe

withParts('two replicas of users over PostgreSQL and Redis', () => {
  const stops: (() => Promise<unknown>)[] = []
  let replicas: readonly AppProcess[]
  const ask = (replica: number, path: string, email: string, password: string) =>
    requestJson(`${replicas[replica % 2]?.url}${path}`, { body: { email, password } })

  beforeAll(async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'users-'))
    const [postgres, redis] = [await startPostgres(initdb ?? ''), await startRedis(redisServer ?? '')]
    const cheap = { APP_ENV: 'test', ARGON2_MEMORY_KIB: '64', ARGON2_PASSES: '1' }
    const auth = await startApp({ folder: 'apps/auth', cwd, env: cheap })
    const env = {
      AUTH_ADDRESS: new URL(auth.url).host,
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      LOGIN_LIMIT_PER_ADDRESS: '1000',
      LOGIN_LIMIT_PER_ACCOUNT: '110',
      AUTH_TIMEOUT_MS: '20000',
    }
    replicas = await Promise.all([1, 2].map(() => startApp({ folder: 'apps/users', cwd, env })))
    stops.push(...replicas.map((app) => () => app.stop()), () => auth.stop(), redis.stop, postgres.stop)
  })
  afterAll(async () => {
    for (const stop of stops) await stop()
  })

  test('D4 100 sign-ups of one address at once make one account', async () => {
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        ask(index, '/signup', 'race@test.com', `password number ${index}`),
      ),
    )
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(replies.filter(({ status }) => status === 409)).toHaveLength(99)
  })

  test('W27 the replicas count log-ins together', async () => {
    const statuses: number[] = []
    for (let index = 0; index < 114; index += 1) {
      statuses.push((await ask(index, '/login', 'tried@test.com', 'wrong')).status)
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(110)
    expect(statuses.filter((status) => status === 429)).toHaveLength(4)
  })
})
