import { isBcrypt, verifyBcrypt } from './bcrypt.ts'
import { isSame } from './is-same.ts'
import { md5Crypt } from './md5-crypt.ts'
import { isShaCrypt, shaCrypt } from './sha-crypt.ts'

const MD5 = /^(\$(?:apr1|1)\$)([^$]{0,8})\$(.+)$/

/** Hashes that are slow on purpose: bcrypt (`$2y$`), MD5-crypt (`$apr1$`, `$1$`) and SHA-crypt (`$5$`, `$6$`). */
export function isSlowHash(hash: string): boolean {
  return isBcrypt(hash) || isShaCrypt(hash) || MD5.test(hash)
}

/** Compares a password with such a hash. Takes from a millisecond to two seconds, all of them on the thread that calls. */
export async function verifySlowHash(password: string, hash: string): Promise<boolean> {
  if (isBcrypt(hash)) return verifyBcrypt(password, hash)
  const [, magic, salt = ''] = MD5.exec(hash) ?? []
  return isSame(
    (magic === undefined ? shaCrypt(password, hash) : md5Crypt(password, magic, salt)) ?? '',
    hash,
  )
}
