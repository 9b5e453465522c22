import {
  openKeyFolder,
  openRotatingKeys,
  type KeyFolder,
  type RotatingKeys,
  type SigningKey,
} from '@postern/auth'
import type { FastifyBaseLogger } from 'fastify'
import { DEFAULT_KEY_FOLDER, type AuthSettings } from './settings.ts'

/**
 * Opens the signing keys. A folder that was named must work; without one, a place that cannot be written (a
 * read-only image) gives keys that live as long as the process, and says so.
 */
export function openKeys({ keyFolder, rotation }: AuthSettings, log: FastifyBaseLogger): RotatingKeys {
  const onError = (error: unknown): void => {
    log.error({ err: error }, 'the signing keys stay as they are, because their folder cannot be used')
  }
  if (keyFolder !== undefined) return openRotatingKeys(openKeyFolder(keyFolder), rotation, onError)
  try {
    return openRotatingKeys(openKeyFolder(DEFAULT_KEY_FOLDER), rotation, onError)
  } catch (error) {
    if (!isReadOnly(error)) throw error
    log.warn(
      `${DEFAULT_KEY_FOLDER} cannot be written: tokens end with this process, and replicas do not know each other's; set JWT_KEY_FOLDER`,
    )
    return openRotatingKeys(memoryFolder(), rotation, onError)
  }
}

function isReadOnly(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['EACCES', 'EPERM', 'EROFS'].includes(String(error.code))
  )
}

function memoryFolder(): KeyFolder {
  const keys = new Map<string, SigningKey>()
  const add = (key: SigningKey): void => {
    keys.set(key.kid, key)
  }
  return {
    read: () => [...keys.values()],
    add,
    addFirst: add,
    remove: (key) => {
      keys.delete(key.kid)
    },
  }
}
