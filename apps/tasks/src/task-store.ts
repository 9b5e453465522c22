import type { TaskText } from '@postern/contracts'
import { openStore, type DatabaseUrl, type Kysely, type Selectable } from '@postern/store'
import type { FastifyBaseLogger } from 'fastify'
import { migrations } from './migrations.ts'
import { createTaskIds, oldTaskId, type Task } from './task.ts'

/** Which part of a list: at most `limit` tasks that come after the one with the id `after`. */
export interface Page {
  readonly limit: number
  readonly after?: string
}

/** Where tasks live. Every promise of a change that resolves is on the disk. */
export interface TaskStore {
  add(uid: string, text: TaskText): Promise<Task>
  /** In the order they were added. */
  list(uid: string, page: Page): Promise<readonly Task[]>
  /** Adds tasks of the original's file before all others, in their order; a second time changes nothing. */
  addOld(uid: string, texts: readonly TaskText[]): Promise<void>
  /** Throws when the store does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

interface Tables {
  tasks: TaskRow
}

interface TaskRow {
  id: string
  uid: string
  title: string
  text: string
  /** 0 or 1: SQLite has no booleans. */
  done: number
  version: number
  created_at: string
}

/**
 * Opens the store of tasks and makes its table.
 *
 * @throws StoreError
 */
export async function openTaskStore(url: DatabaseUrl, log: FastifyBaseLogger): Promise<TaskStore> {
  const onError = (error: Error): void => {
    log.warn({ err: error }, 'a connection to the database broke')
  }
  const { database, ping, close } = await openStore<Tables>({ service: 'tasks', url, migrations, onError })
  const nextId = createTaskIds()
  return {
    add: async (uid, { title, text }) => {
      const row = {
        id: nextId(),
        uid,
        title,
        text,
        done: 0,
        version: 1,
        created_at: new Date().toISOString(),
      }
      await database.insertInto('tasks').values(row).execute()
      return taskOf(row)
    },
    list: async (uid, { limit, after }) => {
      const all = database.selectFrom('tasks').selectAll().where('uid', '=', uid)
      const part = after === undefined ? all : all.where('id', '>', after)
      const rows = await part.orderBy('id').limit(limit).execute()
      return rows.map(taskOf)
    },
    addOld: (uid, texts) => addOld(database, uid, texts),
    ping,
    close,
  }
}

async function addOld(database: Kysely<Tables>, uid: string, texts: readonly TaskText[]): Promise<void> {
  const created_at = new Date().toISOString()
  await database.transaction().execute(async (transaction) => {
    for (const [index, { title, text }] of texts.entries()) {
      const row = { id: oldTaskId(index, { title, text }), uid, title, text, done: 0, version: 1, created_at }
      await transaction
        .insertInto('tasks')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute()
    }
  })
}

function taskOf({ created_at: createdAt, done, ...row }: Selectable<TaskRow>): Task {
  return { ...row, done: done === 1, createdAt }
}
