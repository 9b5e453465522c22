import { HeaderBlock } from '@postern/exchange'
import type { ClientFacts } from '../client-facts.ts'
import { NEVER_BELIEVED } from '../never-believed.ts'

const SAID = [
  'x-real-ip',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-forwarded-scheme',
  'x-scheme',
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
