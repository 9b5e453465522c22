import { readFileSync } from 'node:fs'
import { SettingsError } from './settings-error.ts'

/** The lab's default secret, known to everyone who has read the lab (D8). */
const WELL_KNOWN = 'secret'

/**
 * Reads the lab's signing secret from `-secret`, else from the file that `JWT_SECRET_FILE` names (one line feed
 * at its end is dropped). The well-known `secret` is refused outside demo mode.
 */
export function readSecret(
  flag: string | undefined,
  file: string | undefined,
  demo: boolean,
): { readonly secret: string | undefined; readonly secretIsExposed: boolean } {
  const setting = flag === undefined ? 'JWT_SECRET_FILE' : '-secret'
  const secret = flag ?? (file === undefined || file.trim() === '' ? undefined : readSecretFile(file))
  if (secret === WELL_KNOWN && !demo) {
    throw new SettingsError(
      setting,
      '[the well-known word]',
      'a secret of your own; "secret" is allowed in demo mode only',
    )
  }
  return { secret, secretIsExposed: flag !== undefined }
}

/** Reads the credential that services show each other as a bearer token; undefined when no file is named. */
export function readServiceSecret(file: string | undefined): string | undefined {
  if (file === undefined || file.trim() === '') return undefined
  const secret = readSecretFile(file, 'SERVICE_SECRET_FILE')
  if (/^[A-Za-z0-9\-._~+/]{16,}=*$/.test(secret)) return secret
  const expected =
    'a file with one line of at least 16 letters, digits and -._~+/ (openssl rand -hex 32 makes one)'
  throw new SettingsError('SERVICE_SECRET_FILE', file, expected)
}

function readSecretFile(file: string, setting = 'JWT_SECRET_FILE'): string {
  const secret = tryRead(file, setting).replace(/\r?\n$/, '')
  if (secret.trim() === '')
    throw new SettingsError(setting, file, 'a file with the secret in it; it is empty')
  return secret
}

function tryRead(file: string, setting: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new SettingsError(
      setting,
      file,
      `a readable file (${error instanceof Error ? error.message : String(error)})`,
    )
  }
}
