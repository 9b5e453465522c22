import { openStore, sql, type Kysely, type Migration } from '@postern/store'

type Migrations = Readonly<Record<string, Migration>>

/** What the queries of a version rely on. */
interface Shape {
  /** By `table.column`. */
  readonly columns: ReadonlyMap<string, Column>
  /** The table of each index that refuses rows. */
  readonly unique: readonly string[]
}

interface Column {
  readonly type: string
  /** An INSERT may leave it out. */
  readonly optional: boolean
}

/**
 * What each migration does to the version before it: nothing, when migrations only add tables, indexes, and columns that an INSERT may
 * leave out. While one version replaces another, replicas of the older work on tables that the newer has migrated.
 */
export async function migrationBreaches(service: string, migrations: Migrations): Promise<readonly string[]> {
  const names = Object.keys(migrations).sort()
  const upTo = (count: number) =>
    shapeAfter(
      service,
      Object.fromEntries(Object.entries(migrations).filter(([name]) => names.indexOf(name) < count)),
    )
  const found: string[] = []
  for (const [index, name] of names.entries()) {
    const [before, after] = [await upTo(index), await upTo(index + 1)]
    found.push(...breaches(before, after).map((what) => `${name}: ${what}`))
  }
  return found
}

async function shapeAfter(service: string, migrations: Migrations): Promise<Shape> {
  const url = { kind: 'sqlite', path: ':memory:' } as const
  const { database, close } = await openStore<object>({ service, url, migrations, log: { warn: () => {} } })
  const [tables, unique] = [await database.introspection.getTables(), await uniqueIndexes(database)]
  await close()
  const columns = tables.flatMap((table) =>
    table.columns.map((column) => {
      const optional = column.isNullable || column.hasDefaultValue
      return [`${table.name}.${column.name}`, { type: column.dataType, optional }] as const
    }),
  )
  return { columns: new Map(columns), unique }
}

/** Those of a constraint have no statement of their own (https://sqlite.org/schematab.html). */
async function uniqueIndexes(database: Kysely<object>): Promise<readonly string[]> {
  const query = sql<{ readonly tbl_name: string }>`
    select tbl_name from sqlite_master where type = 'index' and (sql is null or sql like 'create unique%')`
  return (await query.execute(database)).rows.map(({ tbl_name }) => tbl_name)
}

function breaches(before: Shape, after: Shape): readonly string[] {
  const tables = new Set([...before.columns.keys()].map(tableOf))
  const count = ({ unique }: Shape, table: string) => unique.filter((name) => name === table).length
  const added = [...after.columns].filter(([name]) => tables.has(tableOf(name)) && !before.columns.has(name))
  return [
    ...[...before.columns].flatMap(([name, column]) => changeOf(name, column, after.columns.get(name))),
    ...added.filter(([, { optional }]) => !optional).map(([name]) => `${name} has to be given`),
    ...[...tables]
      .filter((table) => count(after, table) > count(before, table))
      .map((table) => `${table} refuses rows that it took`),
  ]
}

function changeOf(name: string, before: Column, after: Column | undefined): readonly string[] {
  if (after === undefined) return [`${name} is gone`]
  if (after.type !== before.type) return [`${name} is ${after.type} instead of ${before.type}`]
  return before.optional && !after.optional ? [`${name} has to be given`] : []
}

function tableOf(column: string): string {
  return column.split('.', 1)[0] ?? ''
}
