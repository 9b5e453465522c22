import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * Compares a password with a hash of an htpasswd file: `$apr1$` and `$1$` (MD5, 1000 rounds), `{SHA}`, `{SSHA}`, `{PLAIN}`.
 * bcrypt and crypt(3) are not in Node: such an entry never matches, and the control plane reports it.
 */
export function verifyPassword(password: string, hash: string): boolean {
  const md5 = /^(\$(?:apr1|1)\$)([^$]{0,8})\$(.+)$/.exec(hash)
  if (md5 !== null) return isSame(md5Crypt(password, md5[1] ?? '', md5[2] ?? ''), hash)
  if (hash.startsWith('{SHA}')) return isSame(sha1(password), hash.slice(5))
  if (hash.startsWith('{SSHA}')) return verifySalted(password, Buffer.from(hash.slice(6), 'base64'))
  if (hash.startsWith('{PLAIN}')) return isSame(password, hash.slice(7))
  return false
}

/** True when `verifyPassword` knows this form of hash. */
export function isSupportedHash(hash: string): boolean {
  return /^(\$(apr1|1)\$[^$]{0,8}\$.|\{SHA\}|\{SSHA\}|\{PLAIN\})/.test(hash)
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

// Poul-Henning Kamp's MD5-crypt, as Apache's apr_md5.c describes it.
function md5Crypt(password: string, magic: string, salt: string): string {
  const pass = Buffer.from(password, 'utf8')
  const saltBytes = Buffer.from(salt, 'utf8')
  const inner = md5(pass, saltBytes, pass)
  const parts: Buffer[] = [pass, Buffer.from(magic), saltBytes]
  for (let left = pass.length; left > 0; left -= 16) parts.push(inner.subarray(0, Math.min(16, left)))
  for (let bits = pass.length; bits > 0; bits >>= 1)
    parts.push((bits & 1) === 1 ? Buffer.alloc(1) : pass.subarray(0, 1))
  let digest = md5(...parts)
  for (let round = 0; round < 1_000; round++) {
    const odd = round % 2 === 1
    digest = md5(
      odd ? pass : digest,
      ...(round % 3 === 0 ? [] : [saltBytes]),
      ...(round % 7 === 0 ? [] : [pass]),
      odd ? digest : pass,
    )
  }
  return `${magic}${salt}$${encode(digest)}`
}

function md5(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('md5')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const ORDER = [
  [0, 6, 12],
  [1, 7, 13],
  [2, 8, 14],
  [3, 9, 15],
  [4, 10, 5],
]

function encode(digest: Buffer): string {
  const byte = (i: number | undefined): number => digest[i ?? 0] ?? 0
  const groups = ORDER.map(([a, b, c]) => toChars((byte(a) << 16) | (byte(b) << 8) | byte(c), 4))
  return groups.join('') + toChars(byte(11), 2)
}

function toChars(value: number, length: number): string {
  return Array.from({ length }, (_, i) => ALPHABET[(value >> (6 * i)) & 63] ?? '').join('')
}
