import { SettingsError } from '@postern/service'
import { readFileSync } from 'node:fs'
import { demoAccount, type LabAccount } from './lab-account.ts'

/** What the lab's apps need to log in and to check tokens. */
export interface LabSettings {
  /** Signs tokens and checks them: one key for both, or no token would be valid anywhere. */
  readonly secret: string
  /** Who may log in; undefined when nobody may. */
  readonly account: LabAccount | undefined
}

/** The parts of a service's settings that the lab's depend on. */
export interface LabContext {
  readonly demo: boolean
  /** From `-secret` or `JWT_SECRET_FILE`. */
  readonly secret: string | undefined
}

/**
 * Reads the lab's settings. In demo mode the secret is `secret` unless given, and `user` / `password` may log in. Otherwise a secret
 * must be given, and the account comes from the file that `LAB_ACCOUNT_FILE` names, one line `user:password`.
 *
 * @throws SettingsError naming the variable and what was expected.
 */
export function readLabSettings(
  { demo, secret }: LabContext,
  env: NodeJS.ProcessEnv = process.env,
): LabSettings {
  const known = secret ?? (demo ? 'secret' : undefined)
  if (known === undefined) {
    const expected =
      'a file with the secret that tokens are signed with (or the flag -secret=…, or DEMO_MODE=1)'
    throw new SettingsError('JWT_SECRET_FILE', undefined, expected)
  }
  const file = env['LAB_ACCOUNT_FILE']?.trim() ?? ''
  if (file !== '') return { secret: known, account: readAccount(file) }
  return { secret: known, account: demo ? demoAccount : undefined }
}

function readAccount(file: string): LabAccount {
  const [line = '', ...rest] = readText(file)
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
  const match = /^([^:]+):(.+)$/.exec(line)
  // The content is a password, so the message shows the file's name only.
  if (match === null || rest.length > 0) {
    throw new SettingsError('LAB_ACCOUNT_FILE', file, 'a file with one line, user:password')
  }
  const [, username = '', password = ''] = match
  return { username, password, email: `${username}@example.com` }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SettingsError('LAB_ACCOUNT_FILE', file, `a readable file (${reason})`)
  }
}
