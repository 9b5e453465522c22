import { expect, test } from '@jest/globals'
import type { Migration } from '@postern/store'
import { migrationBreaches } from './migration-breaches.ts'

const base: Migration = {
  up: (database) =>
    database.schema
      .createTable('t')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text')
      .execute(),
}
const breachesOf = (up: Migration['up']) => migrationBreaches('test', { '001-t': base, '002-change': { up } })

test('tables, indexes, and columns that an INSERT may leave out break nothing', async () => {
  const found = await breachesOf(async ({ schema }) => {
    await schema
      .createTable('other')
      .addColumn('name', 'text', (column) => column.notNull().unique())
      .execute()
    await schema.createIndex('t_name').on('t').column('name').execute()
    await schema.alterTable('t').addColumn('spare', 'text').execute()
    await schema
      .alterTable('t')
      .addColumn('count', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
  })
  expect(found).toEqual([])
})

test.each<[string, Migration['up'], string]>([
  [
    'a column that goes',
    ({ schema }) => schema.alterTable('t').dropColumn('name').execute(),
    't.name is gone',
  ],
  [
    'a column with another name',
    ({ schema }) => schema.alterTable('t').renameColumn('name', 'title').execute(),
    't.name is gone',
  ],
  ['a table that goes', ({ schema }) => schema.dropTable('t').execute(), 't.id is gone'],
  [
    'a unique index',
    ({ schema }) => schema.createIndex('t_name').unique().on('t').column('name').execute(),
    't refuses rows that it took',
  ],
  [
    'a column that has to be given',
    async ({ schema }) => {
      await schema.dropTable('t').execute()
      const again = schema.createTable('t').addColumn('id', 'text', (column) => column.primaryKey())
      await again
        .addColumn('name', 'integer')
        .addColumn('needed', 'text', (column) => column.notNull())
        .execute()
    },
    't.needed has to be given',
  ],
  [
    'a column of another type',
    async ({ schema }) => {
      await schema.alterTable('t').dropColumn('name').execute()
      await schema.alterTable('t').addColumn('name', 'integer').execute()
    },
    't.name is INTEGER instead of TEXT',
  ],
])('%s breaks the version before', async (_what, up, breach) => {
  expect(await breachesOf(up)).toContain(`002-change: ${breach}`)
})
