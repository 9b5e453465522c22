import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Migration } from 'kysely/migration'
import type { DatabaseUrl } from './database-url.ts'
import { openStore } from './open-store.ts'
import { StoreError } from './store-error.ts'

let folder: string
let warnings: object[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'migrate-'))
  warnings = []
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const table = (name: string): Migration => ({
  up: (database) =>
    database.schema
      .createTable(name)
      .addColumn('id', 'text', (column) => column.primaryKey())
      .execute(),
})
const old = { '001-a': table('a'), '003-c': table('c') }
const log = {
  warn: (details: object) => {
    warnings.push(details)
  },
}

function open(migrations: Readonly<Record<string, Migration>>, url?: DatabaseUrl) {
  const file = { kind: 'sqlite', path: join(folder, 'test.db') } as const
  return openStore<{ a: { id: string } }>({ service: 'test', url: url ?? file, migrations, log })
}

test('a version that comes back after a newer one goes on with what it knows', async () => {
  const first = await open(old)
  await first.database.insertInto('a').values({ id: 'kept' }).execute()
  await first.close()
  const newer = await open({ ...old, '004-d': table('d') })
  await newer.close()
  expect(warnings).toEqual([])
  const back = await open(old)
  expect(await back.database.selectFrom('a').selectAll().execute()).toEqual([{ id: 'kept' }])
  await back.close()
  expect(warnings).toEqual([{ migrations: ['004-d'] }])
  // What the newer version had done is not done again when it comes back too.
  await (await open({ ...old, '004-d': table('d') })).close()
})

test('a history that is not ours is refused', async () => {
  await (await open({ ...old, '002-b': table('b') })).close()
  const opening = open(old)
  await expect(opening).rejects.toThrow(StoreError)
  await expect(opening).rejects.toThrow('previously executed migration 002-b is missing')
})

test('a migration that fails is named', async () => {
  const failing = { '001-a': table('a'), '002-again': table('a') }
  await expect(open(failing)).rejects.toThrow(
    /test\.db: migration 002-again failed: .*table "?a"? already exists/,
  )
})

test('a database that nobody serves is said to be so', async () => {
  const opening = open(old, { kind: 'postgres', url: 'postgres://test@127.0.0.1:1/test' })
  await expect(opening).rejects.toThrow(StoreError)
  await expect(opening).rejects.toThrow(
    /the PostgreSQL database of DATABASE_URL: cannot prepare.*ECONNREFUSED/,
  )
})
