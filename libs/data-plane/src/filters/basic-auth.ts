import { createHash } from 'node:crypto'
import type { BasicAuth } from '@postern/routing-table'
import type { RequestFilter } from '../filter.ts'
import { Refusal } from '../reply.ts'
import { verifyPassword } from './htpasswd.ts'

// Hashes are slow on purpose; who was let in lately is recognised by a digest of what was sent.
const MAX_RECOGNISED = 1_000

/** HTTP Basic (RFC 7617) against a list as htpasswd writes it. The credentials do not travel to the upstream. */
export function basicAuth({ realm, users, secret }: BasicAuth): RequestFilter {
  const challenge = ['WWW-Authenticate', `Basic realm="${realm.replace(/["\\]/g, '\\$&')}"`] as const
  const recognised = new Set<string>()
  const hashes = users.reveal()

  const isKnown = (credentials: string): boolean => {
    const digest = createHash('sha256').update(credentials).digest('base64')
    if (recognised.has(digest)) return true
    const colon = credentials.indexOf(':')
    const hash = colon < 0 ? undefined : hashes.get(credentials.slice(0, colon))
    if (hash === undefined || !verifyPassword(credentials.slice(colon + 1), hash)) return false
    if (recognised.size >= MAX_RECOGNISED) recognised.clear()
    recognised.add(digest)
    return true
  }

  return ({ exchange }) => {
    const header = exchange.headers.get('authorization')
    const encoded = header === undefined ? undefined : /^Basic +([A-Za-z0-9+/=]+) *$/i.exec(header)?.[1]
    if (encoded === undefined) return new Refusal(401, 'no credentials were sent', [challenge])
    if (!isKnown(Buffer.from(encoded, 'base64').toString('utf8'))) {
      return new Refusal(401, `the credentials do not fit any entry of ${secret.namespace}/${secret.name}`, [
        challenge,
      ])
    }
    exchange.requestEdits.remove('authorization')
    return undefined
  }
}
