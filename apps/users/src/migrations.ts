import type { Migration } from '@postern/store'

/** Users' tables, in the order they grew. A migration that was released never changes. */
export const migrations: Readonly<Record<string, Migration>> = {
  '001-accounts': {
    up: async (database) => {
      await database.schema
        .createTable('accounts')
        .addColumn('uid', 'text', (column) => column.primaryKey())
        .addColumn('email_key', 'text', (column) => column.notNull().unique())
        .addColumn('email', 'text', (column) => column.notNull())
        .addColumn('password_hash', 'text', (column) => column.notNull())
        .addColumn('created_at', 'text', (column) => column.notNull())
        .execute()
    },
  },
}
