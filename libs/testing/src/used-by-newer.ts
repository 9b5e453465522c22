import { openStore, type DatabaseUrl, type Migration } from '@postern/store'
import { join } from 'node:path'

/**
 * A SQLite file in `folder` as a newer version leaves it: after the service's own migrations came one that added a column to each table,
 * and a table. What a service does with it is what its replicas do while the next version replaces them.
 */
export async function usedByNewer(
  service: string,
  migrations: Readonly<Record<string, Migration>>,
  folder: string,
): Promise<DatabaseUrl> {
  const newer: Migration = {
    up: async (database) => {
      for (const { name } of await database.introspection.getTables())
        await database.schema
          .alterTable(name)
          .addColumn('of_newer', 'text', (column) => column.defaultTo('newer'))
          .execute()
      await database.schema.createTable('table_of_newer').addColumn('id', 'text').execute()
    },
  }
  const url = { kind: 'sqlite', path: join(folder, `${service}-newer.db`) } as const
  const log = { warn: () => undefined }
  const { close } = await openStore({ service, url, migrations: { ...migrations, '999-newer': newer }, log })
  await close()
  return url
}
