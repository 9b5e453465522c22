import { afterAll, beforeAll, describe } from '@jest/globals'
import { startPostgres, type Postgres } from '@postern/testing'
import { findPartNamed } from '@postern/testing/parts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeAccountStore } from './describe-account-store.ts'

const initdb = findPartNamed('PostgreSQL')
const folder = mkdtempSync(join(tmpdir(), 'account-store-'))

afterAll(() => {
  rmSync(folder, { recursive: true })
})

describeAccountStore('a SQLite file', () => ({ kind: 'sqlite', path: join(folder, 'users.db') }))

const withPostgres = initdb === undefined ? describe.skip : describe

withPostgres('PostgreSQL', () => {
  let postgres: Postgres
  beforeAll(async () => {
    postgres = await startPostgres(initdb ?? '')
  })
  afterAll(() => postgres.stop())

  describeAccountStore('PostgreSQL', () => ({ kind: 'postgres', url: postgres.url }))
})
