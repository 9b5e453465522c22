import { Kysely, PostgresDialect, SqliteDialect, type Dialect } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'
import pg from 'pg'
import type { DatabaseUrl } from './database-url.ts'
import { openSqlite } from './sqlite-database.ts'
import { StoreError } from './store-error.ts'

const CONNECT_TIMEOUT_MS = 5_000
const QUERY_TIMEOUT_MS = 5_000
const CONNECTIONS = 10

/** What a service's store is made of. */
export interface StoreOptions {
  /** Its short name, which begins the names of its migration tables: several services may share a database. */
  readonly service: string
  readonly url: DatabaseUrl
  /** By name, run in the order of the names, each once. */
  readonly migrations: Readonly<Record<string, Migration>>
  /** Told of a connection to PostgreSQL that broke while nobody used it. */
  readonly onError: (error: Error) => void
}

/** An open database whose tables are up to date. */
export interface OpenStore<Tables> {
  readonly kind: DatabaseUrl['kind']
  readonly database: Kysely<Tables>
  /** Throws when the database does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the database and brings its tables up to date, under a lock where several replicas may start at once
 * (kysely takes an advisory lock in PostgreSQL; a SQLite file belongs to one process anyway).
 *
 * @throws StoreError
 */
export async function openStore<Tables>(options: StoreOptions): Promise<OpenStore<Tables>> {
  const database = new Kysely<Tables>({ dialect: dialectFor(options) })
  try {
    await migrate(database, options)
  } catch (error) {
    await database.destroy()
    throw error
  }
  return {
    kind: options.url.kind,
    database,
    ping: async () => {
      await database.executeQuery(database.selectNoFrom((select) => select.lit(1).as('one')).compile())
    },
    close: () => database.destroy(),
  }
}

function dialectFor({ url, onError }: StoreOptions): Dialect {
  if (url.kind === 'sqlite') return new SqliteDialect({ database: openSqlite(url.path) })
  const pool = new pg.Pool({
    connectionString: url.url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    statement_timeout: QUERY_TIMEOUT_MS,
  })
  pool.on('error', onError)
  return new PostgresDialect({ pool })
}

async function migrate<Tables>(
  db: Kysely<Tables>,
  { service, url, migrations }: StoreOptions,
): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
    migrationTableName: `${service}_migration`,
    migrationLockTableName: `${service}_migration_lock`,
  })
  const { error, results } = await migrator.migrateToLatest()
  if (error === undefined) return
  const failed = results?.find(({ status }) => status === 'Error')?.migrationName
  const what = failed === undefined ? 'cannot prepare the tables' : `migration ${failed} failed`
  const place = url.kind === 'sqlite' ? url.path : 'the PostgreSQL database of DATABASE_URL'
  throw new StoreError(`${place}: ${what}: ${describe(error)}`, { cause: error })
}

/** A refused connection to several addresses is an AggregateError without a message of its own. */
function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ')
  return error instanceof Error ? error.message || error.name : String(error)
}
