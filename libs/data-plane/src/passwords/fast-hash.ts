import { createHash, timingSafeEqual } from 'node:crypto'
import { isSame } from './is-same.ts'

const FORMS = /^\{(SHA|SSHA|PLAIN)\}/

/** Hashes of one step: `{SHA}`, `{SSHA}`, and `{PLAIN}`, which is none. */
export function isFastHash(hash: string): boolean {
  return FORMS.test(hash)
}

/** Compares a password with such a hash; any other never matches. */
export function verifyFastHash(password: string, hash: string): boolean {
  if (hash.startsWith('{SHA}')) return isSame(sha1(password), hash.slice(5))
  if (hash.startsWith('{SSHA}')) return verifySalted(password, Buffer.from(hash.slice(6), 'base64'))
  return hash.startsWith('{PLAIN}') && isSame(password, hash.slice(7))
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('base64')
}

function verifySalted(password: string, stored: Buffer): boolean {
  const computed = createHash('sha1').update(password).update(stored.subarray(20)).digest()
  return stored.length > 20 && timingSafeEqual(computed, stored.subarray(0, 20))
}
