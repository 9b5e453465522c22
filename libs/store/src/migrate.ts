import { sql, type Kysely } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'

/** The migrations of one service. */
export interface MigrationPlan {
  /** Begins the names of the tables that keep what was done: several services may share a database. */
  readonly service: string
  /** By name, run in the order of the names, each once. */
  readonly migrations: Readonly<Record<string, Migration>>
}

/** What was found and done. */
export interface MigrationOutcome {
  /** Migrations of a newer version that has used the database already. */
  readonly newer: readonly string[]
  /** Why the tables are not up to date, and at which migration; undefined when they are. */
  readonly failure: { readonly error: unknown; readonly migration: string | undefined } | undefined
}

/**
 * Brings the tables up to date. What a newer version has added stays and is not run: replicas of both versions work side by side while
 * one replaces the other, and one of the older that restarts meanwhile, or comes back because the newer failed, must start. kysely
 * alone would call the tables corrupted. It is safe because migrations only add (docs/services.md, "Upgrading").
 */
export async function migrate<Tables>(
  db: Kysely<Tables>,
  { service, migrations }: MigrationPlan,
): Promise<MigrationOutcome> {
  const migrationTableName = `${service}_migration`
  let newer: readonly string[] = []
  const provider = {
    getMigrations: async () => {
      const stand = Object.fromEntries(newer.map((name) => [name, DONE]))
      return { ...migrations, ...stand }
    },
  }
  const migrationLockTableName = `${service}_migration_lock`
  const migrator = new Migrator({ db, provider, migrationTableName, migrationLockTableName })
  try {
    newer = await newerThan(db, migrationTableName, Object.keys(migrations))
    const { error, results } = await migrator.migrateToLatest()
    if (error === undefined) return { newer, failure: undefined }
    const migration = results?.find(({ status }) => status === 'Error')?.migrationName
    return { newer, failure: { error, migration } }
  } catch (error) {
    return { newer, failure: { error, migration: undefined } }
  }
}

/** Stands for a migration that was run by those who have it. */
const DONE: Migration = { up: async () => undefined }

/** What was done after all that we know; an unknown one between ours is another history, and no newer version. */
async function newerThan<Tables>(
  db: Kysely<Tables>,
  table: string,
  known: readonly string[],
): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === table)) return []
  const { rows } = await sql<{ readonly name: string }>`select name from ${sql.table(table)}`.execute(db)
  const last = [...known].sort().at(-1) ?? ''
  return rows.map(({ name }) => name).filter((name) => name > last)
}
