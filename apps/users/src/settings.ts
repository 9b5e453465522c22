import { discover, originOf } from '@postern/discovery'
import {
  parseInteger,
  isProduction,
  parseSwitch,
  readNeighbourSettings,
  SettingsError,
  type NeighbourSettings,
  type ServiceSettings,
} from '@postern/service'
import { parseDatabaseUrl, type DatabaseUrl } from '@postern/store'

/** What users is told besides the settings of every service. */
export interface UsersSettings {
  /** `DATABASE_URL`; `data/users.db` unless set. */
  readonly database: DatabaseUrl
  readonly auth: NeighbourSettings
  /** For example `http://tasks:8000`; asked when an account is deleted. */
  readonly tasksOrigin: string
  /** `APP_ENV` is production: cookies are Secure whatever the way they came. */
  readonly production: boolean
  /** `AUTH_STUB`: run without auth (S0.9); in demo mode only. */
  readonly authStub: boolean
  /** `PASSWORD_MIN_LENGTH`, in characters: 1 in demo mode, 8 otherwise, unless set (D2). */
  readonly passwordMinLength: number
  /** `SIGNUP_STRICT`: a second sign-up with the same password is refused too (D4). */
  readonly strictSignup: boolean
  readonly demo: boolean
  /** `LOGIN_LIMIT_PER_ADDRESS` and `LOGIN_LIMIT_PER_ACCOUNT`: log-ins in a minute. */
  readonly loginLimits: { readonly perAddress: number; readonly perAccount: number }
  /** `REDIS_URL`: where replicas count log-ins together; undefined counts in each process. */
  readonly redisUrl: string | undefined
}

/**
 * Reads users' own settings.
 *
 * @throws SettingsError, AddressError or DatabaseUrlError, all naming the variable and what was expected.
 */
export function readUsersSettings(
  { demo, appEnv, serviceSecret }: Pick<ServiceSettings, 'demo' | 'appEnv' | 'serviceSecret'>,
  env: NodeJS.ProcessEnv = process.env,
): UsersSettings {
  const authStub = parseSwitch('AUTH_STUB', env['AUTH_STUB'])
  if (authStub && !demo)
    throw new SettingsError('AUTH_STUB', env['AUTH_STUB'], 'off, because demo mode is off')
  // The course's printed loops log in more often than a person does.
  const limit = (name: string, absent: number): number =>
    parseInteger(name, env[name], { min: 1, max: 1e9, absent: demo ? 10_000 : absent })
  return {
    database: parseDatabaseUrl(env['DATABASE_URL'], 'data/users.db'),
    auth: readNeighbourSettings(
      { name: 'auth', fallback: { host: 'auth', port: 80 } },
      { serviceSecret },
      env,
    ),
    tasksOrigin: originOf(discover({ name: 'tasks', fallback: { host: 'tasks', port: 8000 } }, env).address),
    production: isProduction(appEnv),
    authStub,
    passwordMinLength: parseInteger('PASSWORD_MIN_LENGTH', env['PASSWORD_MIN_LENGTH'], {
      min: 1,
      max: 128,
      absent: demo ? 1 : 8,
    }),
    strictSignup: parseSwitch('SIGNUP_STRICT', env['SIGNUP_STRICT']),
    demo,
    loginLimits: {
      perAddress: limit('LOGIN_LIMIT_PER_ADDRESS', 120),
      perAccount: limit('LOGIN_LIMIT_PER_ACCOUNT', 20),
    },
    redisUrl: readRedisUrl(env['REDIS_URL']),
  }
}

function readRedisUrl(text: string | undefined): string | undefined {
  const url = (text ?? '').trim()
  if (url === '') return undefined
  if (/^rediss?:\/\/./.test(url)) return url
  // The URL may hold a password: only its beginning is shown.
  throw new SettingsError(
    'REDIS_URL',
    `${url.split(/[:/]/, 1)[0]}:…`,
    'redis://HOST:PORT or rediss://USER:PASSWORD@HOST:PORT',
  )
}
