import { createHash, timingSafeEqual } from 'node:crypto'
import { isBcrypt, verifyBcrypt } from './passwords/bcrypt.ts'
import { md5Crypt } from './passwords/md5-crypt.ts'
import { isShaCrypt, shaCrypt } from './passwords/sha-crypt.ts'

/**
 * Compares a password with a hash of an htpasswd file: bcrypt (`$2y$`), MD5 (`$apr1$`, `$1$`), SHA-crypt (`$5$`, `$6$`), `{SHA}`,
 * `{SSHA}`, `{PLAIN}`. Only bcrypt makes anybody wait; undefined when too many wait for it. The crypt(3) of old, thirteen
 * letters of DES, never matches, and the control plane reports it.
 */
export function verifyPassword(password: string, hash: string): boolean | Promise<boolean | undefined> {
  if (isBcrypt(hash)) return verifyBcrypt(password, hash)
  const md5 = /^(\$(?:apr1|1)\$)([^$]{0,8})\$(.+)$/.exec(hash)
  if (md5 !== null) return isSame(md5Crypt(password, md5[1] ?? '', md5[2] ?? ''), hash)
  if (isShaCrypt(hash)) return isSame(shaCrypt(password, hash) ?? '', hash)
  if (hash.startsWith('{SHA}')) return isSame(sha1(password), hash.slice(5))
  if (hash.startsWith('{SSHA}')) return verifySalted(password, Buffer.from(hash.slice(6), 'base64'))
  if (hash.startsWith('{PLAIN}')) return isSame(password, hash.slice(7))
  return false
}

/** True when `verifyPassword` knows this form of hash. */
export function isSupportedHash(hash: string): boolean {
  return (
    isBcrypt(hash) || isShaCrypt(hash) || /^(\$(apr1|1)\$[^$]{0,8}\$.|\{SHA\}|\{SSHA\}|\{PLAIN\})/.test(hash)
  )
}

function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('base64')
}

function verifySalted(password: string, stored: Buffer): boolean {
  const computed = createHash('sha1').update(password).update(stored.subarray(20)).digest()
  return stored.length > 20 && timingSafeEqual(computed, stored.subarray(0, 20))
}
