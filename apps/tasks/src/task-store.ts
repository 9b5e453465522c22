import type { TaskText } from '@postern/contracts'
import { openStore, type DatabaseUrl, type Kysely, type Selectable } from '@postern/store'
import type { FastifyBaseLogger } from 'fastify'
import { migrations } from './migrations.ts'
import { createTaskIds, oldTaskId, type Task, type TaskChange } from './task.ts'

/** Which part of a list: at most `limit` tasks that come after the one with the id `after`. */
export interface Page {
  readonly limit: number
  readonly after?: string
}

/** Where tasks live. Every promise of a change that resolves is on the disk. */
export interface TaskStore {
  add(uid: string, text: TaskText): Promise<Task>
  /** Whether an account has so many tasks, or more. */
  has(uid: string, count: number): Promise<boolean>
  /** In the order they were added. */
  list(uid: string, page: Page): Promise<readonly Task[]>
  find(uid: string, id: string): Promise<Task | undefined>
  /** Changes a task if it still has one of the versions; undefined when it is gone or another change was faster. */
  change(uid: string, id: string, change: TaskChange, versions: Versions): Promise<Task | undefined>
  /** False when it is gone or has another version. */
  remove(uid: string, id: string, versions: Versions): Promise<boolean>
  /** Removes all tasks of an account; gives how many there were. */
  removeAll(uid: string): Promise<number>
  /** Adds tasks of the original's file before all others, in their order; a second time changes nothing. */
  addOld(uid: string, texts: readonly TaskText[]): Promise<void>
  /** Throws when the store does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** Which versions of a task a change is meant for. */
export type Versions = 'any' | readonly number[]

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
  const { database, ping, close } = await openStore<Tables>({ service: 'tasks', url, migrations, log })
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
    has: async (uid, count) => {
      const ids = database.selectFrom('tasks').select('id').where('uid', '=', uid).orderBy('id')
      const last = await ids
        .limit(1)
        .offset(count - 1)
        .executeTakeFirst()
      return last !== undefined
    },
    list: async (uid, { limit, after }) => {
      const all = database.selectFrom('tasks').selectAll().where('uid', '=', uid)
      const part = after === undefined ? all : all.where('id', '>', after)
      const rows = await part.orderBy('id').limit(limit).execute()
      return rows.map(taskOf)
    },
    find: async (uid, id) => {
      const row = await database
        .selectFrom('tasks')
        .selectAll()
        .where('uid', '=', uid)
        .where('id', '=', id)
        .executeTakeFirst()
      return row && taskOf(row)
    },
    change: (uid, id, change, versions) => changeTask(database, { uid, id, versions }, change),
    remove: async (uid, id, versions) => {
      const one = database.deleteFrom('tasks').where('uid', '=', uid).where('id', '=', id)
      const meant = versions === 'any' ? one : one.where('version', 'in', versions)
      return (await meant.returning('id').executeTakeFirst()) !== undefined
    },
    removeAll: async (uid) => {
      const { numDeletedRows } = await database.deleteFrom('tasks').where('uid', '=', uid).executeTakeFirst()
      return Number(numDeletedRows)
    },
    addOld: (uid, texts) => addOld(database, uid, texts),
    ping,
    close,
  }
}

async function changeTask(
  database: Kysely<Tables>,
  { uid, id, versions }: { readonly uid: string; readonly id: string; readonly versions: Versions },
  { title, text, done }: TaskChange,
): Promise<Task | undefined> {
  const one = database
    .updateTable('tasks')
    .set((row) => ({
      version: row('version', '+', 1),
      ...(title !== undefined && { title }),
      ...(text !== undefined && { text }),
      ...(done !== undefined && { done: done ? 1 : 0 }),
    }))
    .where('uid', '=', uid)
    .where('id', '=', id)
  const meant = versions === 'any' ? one : one.where('version', 'in', versions)
  const row = await meant.returningAll().executeTakeFirst()
  return row && taskOf(row)
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
