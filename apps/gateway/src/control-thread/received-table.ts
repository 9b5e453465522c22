import {
  applyPatch,
  diffTables,
  emptyTable,
  type Revision,
  type RoutingTable,
  type TablePatch,
} from '@postern/routing-table'

/** The table on the receiving side of a control thread, and of the one that is started after it. */
export class ReceivedTable {
  /** As the thread in use numbers it. */
  #table: RoutingTable = emptyTable
  #published: RoutingTable | undefined

  /** A new thread begins with the empty table. What is published stays. */
  restart(): void {
    this.#table = emptyTable
  }

  /**
   * The table to publish; `undefined` when a new thread says what the one before it said. What did not change keeps its
   * identity, also from thread to thread, and the revision grows by one, whoever counted.
   * @throws Error when the patch was made for another table.
   */
  receive(patch: TablePatch): RoutingTable | undefined {
    const isFirst = this.#table === emptyTable
    const next = applyPatch(this.#table, patch)
    const before = this.#published
    this.#table = isFirst && before !== undefined ? applyPatch(before, diffTables(before, next)) : next
    // The thread goes on counting its own way.
    this.#table = { ...this.#table, revision: patch.revision }
    if (isFirst && before !== undefined && isSame(this.#table, before)) return undefined
    const revision = ((before?.revision ?? 0) + 1) as Revision
    return (this.#published = Object.freeze({ ...this.#table, revision }))
  }
}

function isSame(a: RoutingTable, b: RoutingTable): boolean {
  return (
    a.hosts === b.hosts &&
    a.backends === b.backends &&
    a.certificates === b.certificates &&
    a.fallbackCertificate === b.fallbackCertificate &&
    a.defaultRoute === b.defaultRoute &&
    a.settings === b.settings
  )
}
