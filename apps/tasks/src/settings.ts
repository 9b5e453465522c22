import { discover, originOf } from '@postern/discovery'
import { parseInteger, type ServiceSettings } from '@postern/service'
import { parseDatabaseUrl, type DatabaseUrl } from '@postern/store'
import { resolve } from 'node:path'

/** What tasks is told besides the settings of every service. */
export interface TasksSettings {
  /** `TASKS_FOLDER`, relative to the working directory; `tasks` unless set. */
  readonly folder: string
  /** `DATABASE_URL`; `tasks.db` in the folder unless set. */
  readonly database: DatabaseUrl
  readonly auth: {
    /** For example `http://auth:80`. */
    readonly origin: string
    /** The variable that named it, or `default`. */
    readonly way: string
    /** `AUTH_TIMEOUT_MS`: the longest that one question to auth may take. */
    readonly deadlineMs: number
    /** `SERVICE_SECRET_FILE`: what auth wants to see on its internal routes. */
    readonly secret: string | undefined
  }
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
  const { address, way } = discover({ name: 'auth', fallback: { host: 'auth', port: 80 } }, env)
  const folder = resolve(env['TASKS_FOLDER']?.trim() || 'tasks')
  return {
    demo,
    folder,
    database: parseDatabaseUrl(env['DATABASE_URL'], resolve(folder, 'tasks.db')),
    auth: {
      origin: originOf(address),
      way,
      secret: serviceSecret,
      deadlineMs: parseInteger('AUTH_TIMEOUT_MS', env['AUTH_TIMEOUT_MS'], {
        min: 1,
        max: 120_000,
        absent: 5_000,
      }),
    },
  }
}
