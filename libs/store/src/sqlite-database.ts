import type { SqliteDatabase, SqliteStatement } from 'kysely'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { StoreError } from './store-error.ts'

/** How long a second process waits for the first to go, for example while a new version replaces the old one. */
const LOCK_WAIT_MS = 5_000
/** Statements kept ready; a service has a few dozen. */
const STATEMENTS_KEPT = 256

/**
 * Opens a SQLite file for this process alone and makes its folder. WAL with `synchronous=FULL` means that a
 * commit returns after fsync, so an acknowledged write survives a crash (https://sqlite.org/pragma.html#pragma_synchronous).
 *
 * @throws StoreError when another process holds the file or it cannot be opened.
 */
export function openSqlite(path: string, lockWaitMs = LOCK_WAIT_MS): SqliteDatabase {
  let database: DatabaseSync | undefined
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
    database = new DatabaseSync(path, { timeout: lockWaitMs })
    // Exclusive before WAL: the lock is then held until the process ends, also by SIGKILL, and no shared memory is used.
    for (const setting of [
      'locking_mode = EXCLUSIVE',
      'journal_mode = WAL',
      'synchronous = FULL',
      'foreign_keys = ON',
    ]) {
      database.exec(`PRAGMA ${setting}`)
    }
    database.exec('BEGIN IMMEDIATE; COMMIT')
    return forKysely(database)
  } catch (error) {
    database?.close()
    throw openFailure(path, error)
  }
}

function openFailure(path: string, error: unknown): StoreError {
  const reason = error instanceof Error ? error.message : String(error)
  if (/database is locked/.test(reason)) {
    return new StoreError(
      `${path} is in use by another process: SQLite serves one process. Run one replica, or set DATABASE_URL=postgres://… to run several`,
      { cause: error },
    )
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const readOnly = ['EACCES', 'EPERM', 'EROFS'].includes(code) || /readonly|unable to open/.test(reason)
  const advice = 'Choose a writable place with DATABASE_URL=sqlite:PATH'
  return new StoreError(`cannot open ${path}: ${reason}. ${advice}`, { cause: error, readOnly })
}

/** kysely speaks better-sqlite3's dialect of an API; node:sqlite differs in three names. */
function forKysely(database: DatabaseSync): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>()
  return {
    close: () => {
      database.close()
    },
    prepare: (sql) => {
      const known = kept.get(sql)
      if (known !== undefined) return known
      const statement = adapt(database.prepare(sql))
      if (kept.size < STATEMENTS_KEPT) kept.set(sql, statement)
      return statement
    },
  }
}

function adapt(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
    run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
    iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
  }
}
