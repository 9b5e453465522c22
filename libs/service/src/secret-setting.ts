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

function readSecretFile(file: string): string {
  const secret = tryRead(file).replace(/\r?\n$/, '')
  if (secret.trim() === '')
    throw new SettingsError('JWT_SECRET_FILE', file, 'a file with the secret in it; it is empty')
  return secret
}

function tryRead(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new SettingsError(
      'JWT_SECRET_FILE',
      file,
      `a readable file (${error instanceof Error ? error.message : String(error)})`,
    )
  }
}
