import type { RoutingTable } from '@postern/routing-table'
import type { ControlProcess } from './create-control-process.ts'
import { ReceivedTable } from './received-table.ts'
import type { TableMessage } from './table-message.ts'

export interface RelayedPlaneOptions {
  /** The table that all serve at the moment. */
  readonly whole: TableMessage
  readonly publish: (table: RoutingTable) => void
  /** A message was made for another table than the one here: nothing but a whole one helps. */
  readonly lost: (problem: Error) => void
}

/** What one of several workers has instead of a control process: the primary's, by what it relays. */
export interface RelayedPlane extends ControlProcess {
  receive(message: TableMessage): void
}

export function createRelayedPlane({ whole, publish, lost }: RelayedPlaneOptions): RelayedPlane {
  const received = new ReceivedTable()
  const take = async (message: TableMessage): Promise<void> => {
    const table = await received.receive(message)
    if (table !== undefined) publish(table)
  }
  const first = take(whole)
  // Whoever starts it is told; until then nobody has to.
  first.catch(() => undefined)
  let taking = first
  const elsewhere = (): Promise<never> => Promise.reject(new Error('the primary answers this'))
  return {
    start: () => first,
    receive: (message) => {
      taking = taking.then(() => take(message)).catch((error: unknown) => lost(asError(error)))
    },
    refresh: () => undefined,
    diagnostics: () => [],
    explain: elsewhere,
    whole: () => received.whole(),
    stop: () => Promise.resolve(),
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
