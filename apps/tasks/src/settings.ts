import {
  parseInteger,
  readNeighbourSettings,
  type NeighbourSettings,
  type ServiceSettings,
} from '@postern/service'
import { parseDatabaseUrl, type DatabaseUrl } from '@postern/store'
import { resolve } from 'node:path'

/** What tasks is told besides the settings of every service. */
export interface TasksSettings {
  /** `TASKS_FOLDER`, relative to the working directory; `tasks` unless set. */
  readonly folder: string
  /** `DATABASE_URL`; `tasks.db` in the folder unless set. */
  readonly database: DatabaseUrl
  readonly auth: NeighbourSettings
  /** `TASKS_PER_ACCOUNT`: as many as an account may have; 10000 unless set. */
  readonly tasksPerAccount: number
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
    tasksPerAccount: parseInteger('TASKS_PER_ACCOUNT', env['TASKS_PER_ACCOUNT'], {
      min: 1,
      max: 1e9,
      absent: 10_000,
    }),
    database: parseDatabaseUrl(env['DATABASE_URL'], resolve(folder, 'tasks.db')),
    auth: readNeighbourSettings(
      { name: 'auth', fallback: { host: 'auth', port: 80 } },
      { serviceSecret },
      env,
    ),
  }
}
