import { GatewayError, type PassedThrough, type Passthrough } from '@postern/exchange'
import { parseHostName, type Endpoint, type TlsPassthrough } from '@postern/routing-table'
import { endpointsOf } from '../endpoints-of.ts'
import type { FilterServices, Resolver } from '../filter.ts'
import type { PreparedTable } from '../prepared.ts'

/** Called once per connection, at its end. */
export type RecordPassed = (to: TlsPassthrough, passed: PassedThrough, startedAt: number) => void

// Trying costs the client nothing but time, and no byte was sent yet.
const MOST_TRIES = 3

/** Where a TLS connection is led by the name in its ClientHello, when it is not ended here. */
export function passThrough(
  serverName: string,
  table: PreparedTable,
  { clock, resolver }: Pick<FilterServices, 'clock' | 'resolver'>,
  record: RecordPassed,
): Passthrough | undefined {
  if (table.passthroughs.size === 0) return undefined
  const host = parseHostName(serverName)
  const to = host && table.passthroughs.get(host)
  if (to === undefined) return undefined
  const startedAt = clock.now()
  return {
    endpoints: () => endpointsFor(to, table, resolver),
    connectMs: to.connectMs,
    idleMs: to.idleMs,
    over: (passed) => record(to, passed, startedAt),
  }
}

/** From a random one on, as behind the address that a cluster gives a Service: who the client is stands in what is not read. */
async function endpointsFor(
  { host, backend: id }: TlsPassthrough,
  table: PreparedTable,
  resolver: Resolver,
): Promise<readonly Endpoint[]> {
  if (id === undefined) throw new GatewayError('no-endpoints', { detail: `${host} has no path /` })
  const prepared = table.backends.get(id)
  const endpoints = prepared === undefined ? [] : await endpointsOf(prepared.backend, resolver)
  if (endpoints.length === 0)
    throw new GatewayError('no-endpoints', { detail: `${id} has no ready endpoint` })
  const first = Math.floor(Math.random() * endpoints.length)
  return [...endpoints.slice(first), ...endpoints.slice(0, first)].slice(0, MOST_TRIES)
}

/** As nginx's stream module tells the end of a session; 499 for a client that did not wait, as for requests. */
export function statusOf({ outcome, attempts }: PassedThrough): number {
  switch (outcome) {
    case 'passed':
      return 200
    case 'client-gone':
      return 499
    case 'too-many-connections':
      return 503
    case 'unreached':
      return attempts === 0 ? 503 : 502
  }
}
