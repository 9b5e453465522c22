import { lookup } from 'node:dns/promises'
import type { Clock, Resolver } from '../filter.ts'

interface Known {
  addresses: readonly string[]
  freshUntil: number
  refreshing: Promise<readonly string[]> | undefined
}

export type Lookup = (name: string) => Promise<readonly string[]>

// The system's resolver does not tell a record's time to live; Kubernetes' own DNS uses 5 seconds.
const FRESH_MS = 5_000
const MAX_NAMES = 10_000

/**
 * Asks the system (which knows /etc/hosts and search domains) and keeps answers for a few seconds. A stale answer is used
 * while a new one is on its way, and kept when the new look-up fails.
 */
export function createResolver(clock: Clock, ask: Lookup = systemLookup): Resolver {
  const known = new Map<string, Known>()

  const refresh = (name: string, entry: Known): Promise<readonly string[]> =>
    (entry.refreshing ??= ask(name)
      .catch(() => entry.addresses)
      .then((addresses) => {
        entry.addresses = sameList(addresses, entry.addresses) ? entry.addresses : addresses
        entry.freshUntil = clock.now() + FRESH_MS
        entry.refreshing = undefined
        return entry.addresses
      }))

  return {
    resolve: (name) => {
      let entry = known.get(name)
      if (entry === undefined) {
        if (known.size >= MAX_NAMES) known.clear()
        known.set(name, (entry = { addresses: [], freshUntil: 0, refreshing: undefined }))
      }
      if (clock.now() < entry.freshUntil) return entry.addresses
      const refreshed = refresh(name, entry)
      return entry.addresses.length === 0 ? refreshed : entry.addresses
    },
  }
}

async function systemLookup(name: string): Promise<readonly string[]> {
  const answers = await lookup(name.replace(/^\[|\]$/g, ''), { all: true })
  return answers.map(({ address }) => address)
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i])
}
