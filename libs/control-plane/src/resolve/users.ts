import { Redacted } from '@postern/routing-table'
import { Refusal } from '../annotations/value.ts'
import type { Secret } from '../parse/secret.ts'

export type Users = Redacted<ReadonlyMap<string, string>>

// Node has no bcrypt and no crypt(3); such an entry never matches.
const VERIFIABLE = /^(\$(apr1|1)\$[^$]{0,8}\$.|\{SHA\}|\{SSHA\}|\{PLAIN\})/

/** Users whose hash is of a kind that cannot be verified here: they cannot log in. */
export function withoutVerifiableHash(users: Users): readonly string[] {
  return [...users.reveal()].filter(([, hash]) => !VERIFIABLE.test(hash)).map(([user]) => user)
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
