import { Kysely, PostgresDialect, SqliteDialect, type Dialect } from 'kysely'
import pg from 'pg'
import type { DatabaseUrl } from './database-url.ts'
import { migrate, type MigrationPlan } from './migrate.ts'
import { openSqlite } from './sqlite-database.ts'
import { StoreError } from './store-error.ts'

const CONNECT_TIMEOUT_MS = 5_000
const QUERY_TIMEOUT_MS = 5_000
const CONNECTIONS = 10

/** Where a store tells what its operator should know; a logger of Fastify is one. */
export interface StoreLog {
  warn(details: object, message: string): void
}

/** What a service's store is made of. */
export interface StoreOptions extends MigrationPlan {
  readonly url: DatabaseUrl
  readonly log: StoreLog
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
    await bringUpToDate(database, options)
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

function dialectFor({ url, log }: StoreOptions): Dialect {
  if (url.kind === 'sqlite') return new SqliteDialect({ database: openSqlite(url.path) })
  const pool = new pg.Pool({
    connectionString: url.url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    statement_timeout: QUERY_TIMEOUT_MS,
  })
  pool.on('error', (error) => {
    log.warn({ err: error }, 'a connection to the database broke')
  })
  return new PostgresDialect({ pool })
}

async function bringUpToDate<Tables>(database: Kysely<Tables>, options: StoreOptions): Promise<void> {
  const { newer, failure } = await migrate(database, options)
  if (newer.length > 0) {
    const message = 'the tables were used by a newer version already; what it added to them is left alone'
    options.log.warn({ migrations: newer }, message)
  }
  if (failure === undefined) return
  const { error, migration } = failure
  const what = migration === undefined ? 'cannot prepare the tables' : `migration ${migration} failed`
  throw new StoreError(`${placeOf(options.url)}: ${what}: ${describe(error)}`, { cause: error })
}

function placeOf(url: DatabaseUrl): string {
  return url.kind === 'sqlite' ? url.path : 'the PostgreSQL database of DATABASE_URL'
}

/** A refused connection to several addresses is an AggregateError without a message of its own. */
function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ')
  return error instanceof Error ? error.message || error.name : String(error)
}
