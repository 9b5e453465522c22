/** SQLSTATE unique_violation (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const POSTGRES_UNIQUE = '23505'
/** SQLITE_CONSTRAINT_UNIQUE and SQLITE_CONSTRAINT_PRIMARYKEY (https://sqlite.org/rescode.html). */
const SQLITE_UNIQUE: readonly unknown[] = [2067, 1555]

/** Whether a statement failed because another row has a value that only one row may have. */
export function isTaken(error: unknown): boolean {
  // By its fields alone: an error of node:sqlite is of another realm than a test's `Error`.
  if (typeof error !== 'object' || error === null) return false
  const bySqlite = 'errcode' in error && SQLITE_UNIQUE.includes(error.errcode)
  return bySqlite || ('code' in error && error.code === POSTGRES_UNIQUE)
}
