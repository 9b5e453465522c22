import { readNeighbourSettings, type NeighbourSettings, type ServiceSettings } from '@postern/service'
import { parseDatabaseUrl, type DatabaseUrl } from '@postern/store'
import { resolve } from 'node:path'

/** What tasks is told besides the settings of every service. */
export interface TasksSettings {
  /** `TASKS_FOLDER`, relative to the working directory; `tasks` unless set. */
  readonly folder: string
  /** `DATABASE_URL`; `tasks.db` in the folder unless set. */
  readonly database: DatabaseUrl
  readonly auth: NeighbourSettings
  readonly demo: boolean
}

/**
 * Reads tasks' own settings.
 *
 * @throws SettingsError, AddressError or DatabaseUrlError, all naming the variable and what was expected.
 */
export function readTasksSettings(
  { demo, serviceSecret }: Pick<ServiceSettings, 'demo' | 'serviceSecret'>,
  env: NodeJS.ProcessEnv = process.env,
): TasksSettings {
  const folder = resolve(env['TASKS_FOLDER']?.trim() || 'tasks')
  return {
    demo,
    folder,
    database: parseDatabaseUrl(env['DATABASE_URL'], resolve(folder, 'tasks.db')),
    auth: readNeighbourSettings(
      { name: 'auth', fallback: { host: 'auth', port: 80 } },
      { serviceSecret },
      env,
    ),
  }
}
