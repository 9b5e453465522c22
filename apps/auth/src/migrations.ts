import type { Migration } from '@postern/store'

/** Auth's tables, in the order they grew. A migration that was released never changes. */
export const migrations: Readonly<Record<string, Migration>> = {
  '001-sessions': {
    up: async (database) => {
      await database.schema
        .createTable('sessions')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('uid', 'text', (column) => column.notNull())
        .addColumn('email', 'text', (column) => column.notNull())
        .addColumn('current_digest', 'text', (column) => column.notNull())
        .addColumn('previous_digest', 'text')
        .addColumn('rotated_at', 'text', (column) => column.notNull())
        .addColumn('expires_at', 'text', (column) => column.notNull())
        .execute()
      await database.schema.createIndex('sessions_of_uid').on('sessions').column('uid').execute()
    },
  },
  '002-account-ends': {
    up: async (database) => {
      await database.schema
        .createTable('account_ends')
        .addColumn('uid', 'text', (column) => column.primaryKey())
        .addColumn('ended_at', 'text', (column) => column.notNull())
        .execute()
    },
  },
  '003-session-ends': {
    up: async (database) => {
      await database.schema
        .createTable('session_ends')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('ended_at', 'text', (column) => column.notNull())
        .execute()
      // Each log-out is a row, and the latest are asked for every two seconds.
      await database.schema.createIndex('session_ends_at').on('session_ends').column('ended_at').execute()
    },
  },
  '004-sessions-expire': {
    up: async (database) => {
      // Each log-in deletes what expired; without an index it reads every session that there is.
      await database.schema.createIndex('sessions_expire').on('sessions').column('expires_at').execute()
    },
  },
}
