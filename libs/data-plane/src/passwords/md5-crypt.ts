import { createHash } from 'node:crypto'
import { cryptCharacters, cryptGroups } from './crypt-characters.ts'

const ORDER = [
  [0, 6, 12],
  [1, 7, 13],
  [2, 8, 14],
  [3, 9, 15],
  [4, 10, 5],
]

/** Poul-Henning Kamp's MD5-crypt (`$1$`), as Apache's apr_md5.c describes it (`$apr1$`). */
export function md5Crypt(password: string, magic: string, salt: string): string {
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
  return `${magic}${salt}$${cryptGroups(digest, ORDER)}${cryptCharacters(digest[11] ?? 0, 2)}`
}

function md5(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('md5')
  for (const part of parts) hash.update(part)
  return hash.digest()
}
