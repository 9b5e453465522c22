import { emptyTable, type Revision, type RoutingTable } from '@postern/routing-table'
import {
  freeze,
  openBackend,
  openCertificate,
  openHost,
  partOf,
  type PackedPart,
  type TablePart,
} from './packed-parts.ts'
import { packRecord, readRecord, toRecordText } from './record.ts'
import { GIVEN, PartsReader, PartsWriter, type PartsMessage, type TableMessage } from './table-message.ts'
import type { TableRest } from './told-table.ts'

// Some 300 µs of the serving loop.
const SLICE = 250

/** The table on the receiving side, at whoever serves it. */
export class ReceivedTable {
  #table: RoutingTable = emptyTable
  #isFromStart = true

  /** A new sender that knows nothing begins with the empty table. What is published stays, and parts that say the same. */
  restart(): void {
    this.#isFromStart = true
  }

  /**
   * The table to publish; `undefined` when a sender that began anew says what the one before it said. What did not change keeps
   * its identity, also from sender to sender, and the revision grows by one. Many new parts are taken in slices, and the
   * serving loop has its turn in between. One message at a time, in order.
   * @throws Error when the message was made for another table.
   */
  async receive(message: TableMessage): Promise<RoutingTable | undefined> {
    const before = this.#table
    const from = this.#isFromStart
    const hosts = await takeList(before.hosts, message.hosts, openHost, from)
    const backends = await takeList(before.backends, message.backends, openBackend, from)
    const certificates = await takeList(before.certificates, message.certificates, openCertificate, from)
    this.#isFromStart = false
    const rest = message.rest === undefined ? restOf(before) : sameRest(before, message.rest)
    const lists = { hosts, backends, certificates }
    if (from && before !== emptyTable && isSame(before, lists, rest)) return undefined
    const revision = (before.revision + 1) as Revision
    return (this.#table = Object.freeze({ revision, ...lists, ...rest }))
  }

  /** The table as a message for somebody who has none. */
  whole(): TableMessage {
    const given = (parts: readonly TablePart[]): PartsMessage => {
      const writer = new PartsWriter()
      for (const part of parts) writer.give(partOf(part))
      return writer.finish()
    }
    const { hosts, backends, certificates } = this.#table
    return {
      ...{ hosts: given(hosts), backends: given(backends), certificates: given(certificates) },
      rest: packRecord(toRecordText(restOf(this.#table))),
    }
  }
}

async function takeList<T extends TablePart>(
  before: readonly T[],
  message: PartsMessage,
  open: (part: PackedPart) => T,
  isFromStart: boolean,
): Promise<readonly T[]> {
  const { runs } = message
  if (!isFromStart && runs.length === 2 && runs[0] === 0 && runs[1] === before.length) return before
  const reader = new PartsReader(message)
  const known = isFromStart ? byKey(before) : undefined
  const stretches: (readonly T[])[] = []
  for (let at = 0; at < runs.length; at += 2) {
    const [from = GIVEN, count = 0] = [runs[at], runs[at + 1]]
    if (from !== GIVEN) {
      if (isFromStart || from + count > before.length)
        throw new Error('a message about a table was made for another one: start again from a whole table')
      stretches.push(before.slice(from, from + count))
      continue
    }
    const given: T[] = []
    for (let i = 0; i < count; i += 1) {
      if (i % SLICE === SLICE - 1) await nextTurn()
      const part = reader.read()
      const same = known?.get(part.key)
      given.push(same !== undefined && says(same, part) ? same : open(part))
    }
    stretches.push(given)
  }
  // Not frozen: that would copy ten thousand items for the sake of one.
  const list = ([] as T[]).concat(...stretches)
  const isSameList = list.length === before.length && list.every((part, i) => part === before[i])
  return isSameList ? before : list
}

function byKey<T extends TablePart>(parts: readonly T[]): ReadonlyMap<string, T> {
  return new Map(parts.map((part) => [partOf(part).key, part]))
}

function says(known: TablePart, { label, record }: PackedPart): boolean {
  const part = partOf(known)
  return part.record === record && part.label === label
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function restOf({ fallbackCertificate, passthroughs, defaultRoute, settings }: RoutingTable): TableRest {
  return {
    ...(fallbackCertificate !== undefined && { fallbackCertificate }),
    ...(passthroughs !== undefined && { passthroughs }),
    ...{ defaultRoute, settings },
  }
}

function sameRest(before: RoutingTable, record: string): TableRest {
  const rest = freeze(readRecord<TableRest>(record))
  const same = <T>(was: T, is: T): T => (toRecordText(was) === toRecordText(is) ? was : is)
  return {
    ...rest,
    ...(rest.passthroughs && { passthroughs: same(before.passthroughs ?? [], rest.passthroughs) }),
    defaultRoute: same(before.defaultRoute, rest.defaultRoute),
    settings: same(before.settings, rest.settings),
  }
}

function isSame(
  before: RoutingTable,
  lists: Pick<RoutingTable, 'hosts' | 'backends' | 'certificates'>,
  rest: TableRest,
): boolean {
  return (
    before.hosts === lists.hosts &&
    before.backends === lists.backends &&
    before.certificates === lists.certificates &&
    before.fallbackCertificate === rest.fallbackCertificate &&
    before.passthroughs === rest.passthroughs &&
    before.defaultRoute === rest.defaultRoute &&
    before.settings === rest.settings
  )
}
