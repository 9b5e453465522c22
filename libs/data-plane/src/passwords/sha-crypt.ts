import { createHash } from 'node:crypto'
import { cryptCharacters, cryptGroups } from './crypt-characters.ts'

/** One of the two schemes of https://www.akkadia.org/drepper/SHA-crypt.txt. */
interface Scheme {
  readonly digest: 'sha256' | 'sha512'
  /** Bytes per group, the last group left out. */
  readonly order: readonly (readonly number[])[]
  /** The rest of the digest: how many letters which bytes fill. */
  readonly rest: (digest: Buffer) => string
}

const SCHEMES: Readonly<Record<string, Scheme>> = {
  $5$: {
    digest: 'sha256',
    order: turned(10, 21),
    rest: (digest) => cryptCharacters(((digest[31] ?? 0) << 8) | (digest[30] ?? 0), 3),
  },
  $6$: {
    digest: 'sha512',
    order: turned(21, 22),
    rest: (digest) => cryptCharacters(digest[63] ?? 0, 2),
  },
}

/** Beyond these one guess takes longer than two seconds; the scheme's own default is 5000. */
const MAX_ROUNDS = 1_000_000
const FORM = /^(\$[56]\$)(?:rounds=(\d{1,9})\$)?([^$]{0,16})\$[./0-9A-Za-z]+$/

/** The hash of a password under the settings of another hash; undefined when those are not SHA-crypt of bearable cost. */
export function shaCrypt(password: string, setting: string): string | undefined {
  const [, magic = '', rounds, salt = ''] = FORM.exec(setting) ?? []
  const scheme = SCHEMES[magic]
  const count = Math.max(1_000, Number(rounds ?? 5_000))
  if (scheme === undefined || count > MAX_ROUNDS) return undefined
  const digest = digestOf(scheme, Buffer.from(password, 'utf8'), Buffer.from(salt, 'utf8'), count)
  const named = rounds === undefined ? '' : `rounds=${String(count)}$`
  return `${magic}${named}${salt}$${cryptGroups(digest, scheme.order)}${scheme.rest(digest)}`
}

export function isShaCrypt(hash: string): boolean {
  const match = FORM.exec(hash)
  return match !== null && Number(match[2] ?? 0) <= MAX_ROUNDS
}

// The letters P and S are those of the paper's steps 13 to 20.
function digestOf(scheme: Scheme, pass: Buffer, salt: Buffer, rounds: number): Buffer {
  const sha = (...parts: readonly Buffer[]): Buffer => {
    const hash = createHash(scheme.digest)
    for (const part of parts) hash.update(part)
    return hash.digest()
  }
  const alternate = sha(pass, salt, pass)
  const parts = [pass, salt, repeated(alternate, pass.length)]
  for (let bits = pass.length; bits > 0; bits >>= 1) parts.push((bits & 1) === 1 ? alternate : pass)
  let digest = sha(...parts)
  const p = repeated(sha(...Array.from({ length: pass.length }, () => pass)), pass.length)
  const saltTimes = 16 + (digest[0] ?? 0)
  const s = repeated(sha(...Array.from({ length: saltTimes }, () => salt)), salt.length)
  for (let round = 0; round < rounds; round++) {
    const odd = round % 2 === 1
    digest = sha(
      odd ? p : digest,
      ...(round % 3 === 0 ? [] : [s]),
      ...(round % 7 === 0 ? [] : [p]),
      odd ? digest : p,
    )
  }
  return digest
}

/** The paper's tables: each group of three is the one before, moved on. */
function turned(groups: number, step: number): readonly (readonly number[])[] {
  return Array.from({ length: groups }, (_, i) =>
    [0, groups, 2 * groups].map((at) => (at + i * step) % (3 * groups)),
  )
}

function repeated(bytes: Buffer, length: number): Buffer {
  const copies = Math.ceil(length / bytes.length)
  return Buffer.concat(Array.from({ length: copies }, () => bytes)).subarray(0, length)
}
