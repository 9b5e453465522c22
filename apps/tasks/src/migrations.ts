import type { Migration } from '@postern/store'

/** Tasks' tables, in the order they grew. A migration that was released never changes. */
export const migrations: Readonly<Record<string, Migration>> = {
  '001-tasks': {
    up: async (database) => {
      await database.schema
        .createTable('tasks')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('uid', 'text', (column) => column.notNull())
        .addColumn('title', 'text', (column) => column.notNull())
        .addColumn('text', 'text', (column) => column.notNull())
        .addColumn('done', 'integer', (column) => column.notNull())
        .addColumn('version', 'integer', (column) => column.notNull())
        .addColumn('created_at', 'text', (column) => column.notNull())
        .execute()
      await database.schema.createIndex('tasks_of_uid').on('tasks').columns(['uid', 'id']).execute()
    },
  },
}
