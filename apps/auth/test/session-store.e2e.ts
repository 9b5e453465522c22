import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startPostgres, type Postgres } from '@postern/testing'
import { findPartNamed } from '@postern/testing/parts'
import { fastify } from 'fastify'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSessionStore } from '../src/session-store.ts'
import { describeSessionStore } from './describe-session-store.ts'

const initdb = findPartNamed('PostgreSQL')
const folder = mkdtempSync(join(tmpdir(), 'session-store-'))

afterAll(() => {
  rmSync(folder, { recursive: true })
})

describeSessionStore('a SQLite file', () => ({ kind: 'sqlite', path: join(folder, 'sessions.db') }))

const withPostgres = initdb === undefined ? describe.skip : describe

withPostgres('PostgreSQL', () => {
  let postgres: Postgres
  const url = () => ({ kind: 'postgres', url: postgres.url }) as const
  beforeAll(async () => {
    postgres = await startPostgres(initdb ?? '')
  })
  afterAll(() => postgres.stop())

  describeSessionStore('PostgreSQL', url)

  test('of sixteen uses of one token at once through two replicas one is served', async () => {
    const open = () => openSessionStore(url(), { lifetimeMs: 60_000 }, fastify().log)
    const replicas = await Promise.all([open(), open()])
    const token = (await replicas[0]?.start({ uid: 'u1', email: 'e@x' }))?.refreshToken ?? ''
    const uses = Array.from({ length: 16 }, (_, index) => replicas[index % 2]?.renew(token))
    const served = (await Promise.all(uses)).filter((renewal) => renewal !== undefined)
    expect(served).toHaveLength(1)
    expect(await replicas[1]?.renew(served[0]?.refreshToken ?? '')).toBeDefined()
    await Promise.all(replicas.map((replica) => replica.close()))
  })
})
