import { isFastHash } from './fast-hash.ts'
import { isSlowHash } from './slow-hash.ts'

/** Whether a password can fit this hash of an htpasswd file. The crypt(3) of old, thirteen letters of DES, never does. */
export function isSupportedHash(hash: string): boolean {
  return isFastHash(hash) || isSlowHash(hash)
}
