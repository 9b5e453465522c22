import { Redacted } from '@postern/routing-table'
import { Refusal } from '../annotations/value.ts'
import type { Secret } from '../parse/secret.ts'

export type Users = Redacted<ReadonlyMap<string, string>>

const VERIFIABLE = /^(\$(apr1|1)\$[^$]{0,8}\$.|\{SHA\}|\{SSHA\}|\{PLAIN\})/
const BCRYPT = /^\$2[abxy]\$(\d{2})\$[./A-Za-z0-9]{53}$/
const SHA_CRYPT = /^\$[56]\$(?:rounds=(\d{1,9})\$)?[^$]{0,16}\$[./0-9A-Za-z]+$/

/** Users whose hash is of a kind or a cost that is not verified here: they cannot log in. */
export function withoutVerifiableHash(users: Users): readonly string[] {
  return [...users.reveal()].filter(([, hash]) => !isVerifiable(hash)).map(([user]) => user)
}

// The same bounds as in the data plane; a test of the gateway compares both.
function isVerifiable(hash: string): boolean {
  const cost = Number(BCRYPT.exec(hash)?.[1] ?? NaN)
  if (cost >= 4 && cost <= 15) return true
  const sha = SHA_CRYPT.exec(hash)
  return VERIFIABLE.test(hash) || (sha !== null && Number(sha[1] ?? 0) <= 1_000_000)
}

/** The users of a Secret: an htpasswd file under `auth`, or one key per user. Hashes are not judged here. */
export function usersOf(secret: Secret, form: 'auth-file' | 'auth-map'): Users | Refusal {
  const id = `Secret ${secret.namespace}/${secret.name}`
  if (form === 'auth-map') {
    const users = new Map(
      [...secret.data].map(([user, hash]) => [user, hash.reveal().toString('utf8').trim()]),
    )
    return users.size === 0 ? new Refusal(`${id} has no users`) : new Redacted(users)
  }
  const file = secret.data.get('auth')?.reveal().toString('utf8')
  if (file === undefined) return new Refusal(`${id} has no key auth with an htpasswd file`)
  const users = new Map<string, string>()
  for (const [index, line] of file.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const colon = line.indexOf(':')
    // The line itself is a secret: its number is enough.
    if (colon < 1 || colon === line.length - 1)
      return new Refusal(`line ${index + 1} of auth in ${id} is not user:hash`)
    users.set(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  return users.size === 0 ? new Refusal(`auth in ${id} has no users`) : new Redacted(users)
}
