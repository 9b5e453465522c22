import { HeaderBlock } from '@postern/exchange'
import type { ClientFacts } from '../client-facts.ts'

const SAID = [
  'x-real-ip',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-forwarded-scheme',
  'x-scheme',
]

const NEVER_BELIEVED = [
  // https://httpoxy.org: CGI programs take `Proxy` for HTTP_PROXY.
  'proxy',
  // Believed by upstreams, so that a client may never send them itself.
  'ssl-client-verify',
  'ssl-client-subject-dn',
  'ssl-client-issuer-dn',
  'ssl-client-cert',
]

const REPLACED: readonly string[] = [...SAID, ...NEVER_BELIEVED]

/** What every upstream is told of a client, in place of what the client says of itself. */
export function forwardedBlock({ address, forwardedFor, authority, port, scheme }: ClientFacts): HeaderBlock {
  return new HeaderBlock(REPLACED, [
    ['X-Real-IP', address],
    ['X-Forwarded-For', forwardedFor],
    ['X-Forwarded-Host', authority],
    ['X-Forwarded-Port', port],
    ['X-Forwarded-Proto', scheme],
    ['X-Forwarded-Scheme', scheme],
    ['X-Scheme', scheme],
  ])
}
