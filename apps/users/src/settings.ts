import { discover, originOf } from '@postern/discovery'
import { parseInteger, parseSwitch, SettingsError, type ServiceSettings } from '@postern/service'
import { parseDatabaseUrl, type DatabaseUrl } from '@postern/store'

/** What users is told besides the settings of every service. */
export interface UsersSettings {
  /** `DATABASE_URL`; `data/users.db` unless set. */
  readonly database: DatabaseUrl
  readonly auth: {
    /** For example `http://auth:80`. */
    readonly origin: string
    /** The variable that named it, or `default`. */
    readonly way: string
    /** `AUTH_TIMEOUT_MS`: the longest that one question to auth may take. */
    readonly deadlineMs: number
  }
  /** `AUTH_STUB`: run without auth (S0.9); in demo mode only. */
  readonly authStub: boolean
  /** `PASSWORD_MIN_LENGTH`, in characters: 1 in demo mode, 8 otherwise, unless set (D2). */
  readonly passwordMinLength: number
  /** `SIGNUP_STRICT`: a second sign-up with the same password is refused too (D4). */
  readonly strictSignup: boolean
  readonly demo: boolean
}

/**
 * Reads users' own settings.
 *
 * @throws SettingsError, AddressError or DatabaseUrlError, all naming the variable and what was expected.
 */
export function readUsersSettings(
  { demo }: Pick<ServiceSettings, 'demo'>,
  env: NodeJS.ProcessEnv = process.env,
): UsersSettings {
  const { address, way } = discover({ name: 'auth', fallback: { host: 'auth', port: 80 } }, env)
  const authStub = parseSwitch('AUTH_STUB', env['AUTH_STUB'])
  if (authStub && !demo)
    throw new SettingsError('AUTH_STUB', env['AUTH_STUB'], 'off, because demo mode is off')
  return {
    database: parseDatabaseUrl(env['DATABASE_URL'], 'data/users.db'),
    auth: {
      origin: originOf(address),
      way,
      deadlineMs: parseInteger('AUTH_TIMEOUT_MS', env['AUTH_TIMEOUT_MS'], {
        min: 1,
        max: 120_000,
        absent: 5_000,
      }),
    },
    authStub,
    passwordMinLength: parseInteger('PASSWORD_MIN_LENGTH', env['PASSWORD_MIN_LENGTH'], {
      min: 1,
      max: 128,
      absent: demo ? 1 : 8,
    }),
    strictSignup: parseSwitch('SIGNUP_STRICT', env['SIGNUP_STRICT']),
    demo,
  }
}
