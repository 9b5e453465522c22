import type { Exchange } from '@postern/exchange'
import { wildcardFor } from '@postern/routing-table'
import type { PreparedHost, PreparedTable } from '../prepared.ts'

/**
 * The virtual host for a request: exact, then the one wildcard that can cover it, then the catch-all. There is no way
 * back from a host to a less specific one.
 */
export function matchHost(table: PreparedTable, exchange: Exchange): PreparedHost | undefined {
  const exact = table.exactHosts.get(exchange.host)
  if (exact !== undefined) return exact
  const wildcard = table.wildcardHosts.size === 0 ? undefined : wildcardFor(exchange.host)
  return (wildcard === undefined ? undefined : table.wildcardHosts.get(wildcard)) ?? table.anyHost
}
