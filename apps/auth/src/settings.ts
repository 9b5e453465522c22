import { DEFAULT_COST, type Argon2Cost, type RotationPlan } from '@postern/auth'
import { parseInteger, SettingsError, type ServiceSettings } from '@postern/service'
import { parseDatabaseUrl, type DatabaseUrl } from '@postern/store'
import { join } from 'node:path'

/** What auth is told besides the settings of every service. */
export interface AuthSettings {
  /** `JWT_KEY_FOLDER`: where the signing keys live; undefined when it is not set and `data/auth-keys` is tried. */
  readonly keyFolder: string | undefined
  /** `JWT_ROTATE_DAYS`, `JWT_PUBLISH_SECONDS`. */
  readonly rotation: RotationPlan
  /** How often the key folder is read again: well within the time that a new key is published before it signs. */
  readonly keyRefreshMs: number
  /** `DATABASE_URL`; `sessions.db` beside the signing keys unless set. */
  readonly database: DatabaseUrl
  /** `SESSION_DAYS`: a log-in lasts that long after its last use. */
  readonly sessionLifetimeMs: number
  /** `ACCESS_TOKEN_SECONDS`. */
  readonly lifetimeSeconds: number
  /** `ARGON2_MEMORY_KIB`, `ARGON2_PASSES`. */
  readonly hashCost: Argon2Cost
  /** `DEMO_TOKEN`, the word that stands for the account `u1`; undefined outside demo mode. */
  readonly demoToken: string | undefined
}

/** Where keys and sessions live unless a setting says otherwise. */
export const DEFAULT_KEY_FOLDER = 'data/auth-keys'
const DAY_MS = 24 * 60 * 60 * 1000
const KEY_REFRESH_MS = 60 * 1000
/** Verifiers keep our key set for five minutes: a key that signs earlier would be unknown to some. */
const LEAST_PUBLISH_S = 300
/** OWASP's weakest argon2id; less is for tests and demos. */
const LEAST_MEMORY_KIB = 7_168

/**
 * Reads auth's own settings.
 *
 * @throws SettingsError naming the variable and what was expected.
 */
export function readAuthSettings(
  { demo, appEnv }: Pick<ServiceSettings, 'demo' | 'appEnv'>,
  env: NodeJS.ProcessEnv = process.env,
): AuthSettings {
  const integer = (name: string, min: number, max: number, absent: number): number =>
    parseInteger(name, env[name], { min, max, absent })
  const lifetimeSeconds = integer('ACCESS_TOKEN_SECONDS', 1, 86_400, 900)
  const rotateAfterDays = integer('JWT_ROTATE_DAYS', 0, 3_650, 30)
  const leastPublish = appEnv === 'test' ? 1 : LEAST_PUBLISH_S
  const publishBeforeMs = integer('JWT_PUBLISH_SECONDS', leastPublish, 86_400, 600) * 1000
  const leastMemory = demo || appEnv === 'test' ? 8 : LEAST_MEMORY_KIB
  const keyFolder = env['JWT_KEY_FOLDER']?.trim() || undefined
  return {
    keyFolder,
    database: parseDatabaseUrl(env['DATABASE_URL'], join(keyFolder ?? DEFAULT_KEY_FOLDER, 'sessions.db')),
    sessionLifetimeMs: integer('SESSION_DAYS', 1, 365, 14) * DAY_MS,
    rotation: {
      rotateAfterMs: rotateAfterDays === 0 ? Number.POSITIVE_INFINITY : rotateAfterDays * DAY_MS,
      publishBeforeMs,
      keepAfterMs: lifetimeSeconds * 1000 + publishBeforeMs,
    },
    keyRefreshMs: Math.min(KEY_REFRESH_MS, publishBeforeMs / 10),
    lifetimeSeconds,
    hashCost: {
      memoryKiB: integer('ARGON2_MEMORY_KIB', leastMemory, 1_048_576, DEFAULT_COST.memoryKiB),
      passes: integer('ARGON2_PASSES', 1, 100, DEFAULT_COST.passes),
      lanes: DEFAULT_COST.lanes,
    },
    demoToken: demo ? readDemoToken(env['DEMO_TOKEN']) : undefined,
  }
}

function readDemoToken(text: string | undefined): string {
  const token = text?.trim() || 'abc'
  if (!/^[A-Za-z0-9\-._~+/]+=*$/.test(token)) {
    throw new SettingsError('DEMO_TOKEN', text, 'letters, digits and -._~+/ as a bearer token may have')
  }
  return token
}
