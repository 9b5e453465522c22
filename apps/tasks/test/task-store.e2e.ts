import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { requestJson, startApp, startPostgres, type Postgres } from '@postern/testing'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPartNamed } from '@postern/testing/parts'
import { describeTaskStore } from './describe-task-store.ts'

const initdb = findPartNamed('PostgreSQL')
const folder = mkdtempSync(join(tmpdir(), 'task-store-'))

describeTaskStore('a SQLite file', () => ({ kind: 'sqlite', path: join(folder, 'tasks.db') }))

const withPostgres = initdb === undefined ? describe.skip : describe

withPostgres('PostgreSQL', () => {
  let postgres: Postgres
  beforeAll(async () => {
    postgres = await startPostgres(initdb ?? '')
  })
  afterAll(() => postgres.stop())

  describeTaskStore('PostgreSQL', () => ({ kind: 'postgres', url: postgres.url }))

  test('two replicas start at once on an empty database and share the list', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'replicas-'))
    const auth = await startApp({ folder: 'apps/auth', cwd, env: { DEMO_MODE: '1' } })
    const env = { DEMO_MODE: '1', AUTH_ADDRESS: new URL(auth.url).host, DATABASE_URL: postgres.url }
    const [one, other] = await Promise.all([
      startApp({ folder: 'apps/tasks', cwd, env }),
      startApp({ folder: 'apps/tasks', cwd, env }),
    ])
    const body = { title: 'shared', text: 'x' }
    expect((await requestJson(`${one.url}/tasks`, { token: 'abc', body })).status).toBe(201)
    expect((await requestJson(`${other.url}/tasks`, { token: 'abc' })).body).toMatchObject({ tasks: [body] })
    await Promise.all([one.stop(), other.stop(), auth.stop()])
  })
})
