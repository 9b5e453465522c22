import { createHash } from 'node:crypto'
import type { Exchange, Reply } from '@postern/exchange'
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

  const isKnown = (credentials: string): boolean | undefined | Promise<boolean | undefined> => {
    const digest = createHash('sha256').update(credentials).digest('base64')
    if (recognised.has(digest)) return true
    const colon = credentials.indexOf(':')
    const hash = colon < 0 ? undefined : hashes.get(credentials.slice(0, colon))
    if (hash === undefined) return false
    const fits = verifyPassword(credentials.slice(colon + 1), hash)
    return fits instanceof Promise ? fits.then((late) => remember(digest, late)) : remember(digest, fits)
  }

  const remember = (digest: string, fits: boolean | undefined): boolean | undefined => {
    if (!fits) return fits
    if (recognised.size >= MAX_RECOGNISED) recognised.clear()
    recognised.add(digest)
    return true
  }

  const outcome = (exchange: Exchange, known: boolean | undefined): Reply | undefined => {
    if (known === undefined) return new Refusal(503, 'too many passwords are waiting to be compared')
    if (known) return void exchange.requestEdits.remove('authorization')
    const { namespace, name } = secret
    return new Refusal(401, `the credentials do not fit any entry of ${namespace}/${name}`, [challenge])
  }

  return ({ exchange }) => {
    const header = exchange.headers.get('authorization')
    const encoded = header === undefined ? undefined : /^Basic +([A-Za-z0-9+/=]+) *$/i.exec(header)?.[1]
    if (encoded === undefined) return new Refusal(401, 'no credentials were sent', [challenge])
    const known = isKnown(Buffer.from(encoded, 'base64').toString('utf8'))
    return known instanceof Promise ? known.then((late) => outcome(exchange, late)) : outcome(exchange, known)
  }
}
