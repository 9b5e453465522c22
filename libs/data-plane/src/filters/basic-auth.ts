import type { Exchange, Reply } from '@postern/exchange'
import type { BasicAuth } from '@postern/routing-table'
import type { FilterServices, RequestFilter } from '../filter.ts'
import { Refusal } from '../reply.ts'

/** HTTP Basic (RFC 7617) against a list as htpasswd writes it. The credentials do not travel to the upstream. */
export function basicAuth(
  { realm, users, secret: { namespace, name } }: BasicAuth,
  { passwords }: FilterServices,
): RequestFilter {
  const challenge = ['WWW-Authenticate', `Basic realm="${realm.replace(/["\\]/g, '\\$&')}"`] as const
  const secret = `${namespace}/${name}`
  const hashes = users.reveal()

  const isKnown = (credentials: string): boolean | undefined | Promise<boolean | undefined> => {
    const colon = credentials.indexOf(':')
    const hash = colon < 0 ? undefined : hashes.get(credentials.slice(0, colon))
    return hash === undefined ? false : passwords.check(secret, credentials.slice(colon + 1), hash)
  }

  const outcome = (exchange: Exchange, known: boolean | undefined): Reply | undefined => {
    if (known === undefined) return new Refusal(503, `too many passwords wait to be compared with ${secret}`)
    if (known) return void exchange.requestEdits.remove('authorization')
    return new Refusal(401, `the credentials do not fit any entry of ${secret}`, [challenge])
  }

  return ({ exchange }) => {
    const header = exchange.headers.get('authorization')
    const encoded = header === undefined ? undefined : /^Basic +([A-Za-z0-9+/=]+) *$/i.exec(header)?.[1]
    if (encoded === undefined) return new Refusal(401, 'no credentials were sent', [challenge])
    const known = isKnown(Buffer.from(encoded, 'base64').toString('utf8'))
    return known instanceof Promise ? known.then((late) => outcome(exchange, late)) : outcome(exchange, known)
  }
}
