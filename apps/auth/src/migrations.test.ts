import { expect, test } from '@jest/globals'
import { openStore, sql } from '@postern/store'
import { migrationBreaches } from '@postern/testing/migration-breaches'
import { migrations } from './migrations.ts'

test('the version before each migration can go on after it', async () => {
  expect(await migrationBreaches('auth', migrations)).toEqual([])
})

test.each(['sessions', 'session_ends'])(
  'what is over in %s is found without reading all of it',
  async (table) => {
    const url = { kind: 'sqlite', path: ':memory:' } as const
    const { database, close } = await openStore({ service: 'auth', url, migrations, log: { warn: () => {} } })
    const column = sql.ref(table === 'sessions' ? 'expires_at' : 'ended_at')
    const plan = sql<{
      readonly detail: string
    }>`explain query plan delete from ${sql.table(table)} where ${column} < 'x'`
    const { rows } = await plan.execute(database)
    expect(rows).toMatchObject([{ detail: expect.stringMatching(/^SEARCH .* USING .*INDEX/) }])
    await close()
  },
)
