import { hash } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Diagnostic } from '@postern/control-plane'
import type { RoutingTable } from '@postern/routing-table'
import { packRecord, toRecordText } from './record.ts'
import { PartsWriter, type PartsMessage, type TableMessage } from './table-message.ts'

/** What the receiver was told. */
interface Told {
  readonly hosts: readonly ToldPart[]
  readonly backends: readonly ToldPart[]
  readonly certificates: readonly ToldPart[]
  readonly rest: string
  /** Digest of the findings. */
  readonly findings: string
}

type ToldPart = readonly [key: string, digest: string]

/** All of a table that is no list. */
export type TableRest = Pick<
  RoutingTable,
  'fallbackCertificate' | 'passthroughs' | 'defaultRoute' | 'settings'
>

/** The table on the sending side: which parts the receiver has, by what they say, so that it gets the others only. */
export class ToldTable {
  #told: Told
  readonly #digests = new WeakMap<object, string>()

  /** Goes on from what another one kept. */
  static from(kept: Uint8Array | undefined): ToldTable {
    if (kept === undefined) return new ToldTable()
    return new ToldTable(JSON.parse(inflateRawSync(kept).toString('utf8')) as Told)
  }

  constructor(told: Told = { hosts: [], backends: [], certificates: [], rest: '', findings: '' }) {
    this.#told = told
  }

  /** For another one to go on from. One block of bytes: the serving loop only has to keep it. */
  keep(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(deflateRawSync(JSON.stringify(this.#told), { level: 1 }))
  }

  /** The message that makes `table` of what the receiver has; undefined when it has it already. */
  tell(table: RoutingTable): TableMessage | undefined {
    const hosts = this.#list(this.#told.hosts, table.hosts, (host) => [
      host.host,
      toRecordText(host.tls ?? ''),
    ])
    const backends = this.#list(this.#told.backends, table.backends, ({ id }) => [id, NOTHING])
    const certificates = this.#list(this.#told.certificates, table.certificates, ({ id }) => [id, NOTHING])
    const { fallbackCertificate, passthroughs, defaultRoute, settings } = table
    const rest = toRecordText({ fallbackCertificate, passthroughs, defaultRoute, settings })
    const before = this.#told
    this.#told = {
      ...before,
      hosts: hosts.told,
      backends: backends.told,
      certificates: certificates.told,
      rest: digestOf(rest),
    }
    const isSame = hosts.isSame && backends.isSame && certificates.isSame && before.rest === this.#told.rest
    if (isSame) return undefined
    return {
      ...{ hosts: hosts.message, backends: backends.message, certificates: certificates.message },
      ...(before.rest !== this.#told.rest && { rest: packRecord(rest) }),
    }
  }

  /** Calls `tell` unless it was told the same before: ten thousand findings that everybody knows are not worth a copy. */
  tellOnce(findings: readonly Diagnostic[], tell: () => void): void {
    const digest = digestOf(JSON.stringify(findings))
    if (digest === this.#told.findings) return
    this.#told = { ...this.#told, findings: digest }
    tell()
  }

  #list<T extends object>(
    before: readonly ToldPart[],
    after: readonly T[],
    nameOf: (part: T) => readonly [key: string, label: string],
  ): { readonly told: readonly ToldPart[]; readonly message: PartsMessage; readonly isSame: boolean } {
    const places = new Map(before.map(([key], place) => [key, place]))
    const writer = new PartsWriter()
    const told = after.map((part): ToldPart => {
      const [key, label] = nameOf(part)
      const place = places.get(key)
      const [, known] = place === undefined ? [] : (before[place] ?? [])
      const digest = this.#digests.get(part)
      if (place !== undefined && digest !== undefined && digest === known) {
        writer.keep(place)
        return before[place] ?? [key, digest]
      }
      const text = toRecordText(part)
      const now = digestOf(text)
      this.#digests.set(part, now)
      if (place !== undefined && now === known) writer.keep(place)
      else writer.give({ key, label: label === '""' ? '' : label, record: packRecord(text) })
      return place !== undefined && now === known ? (before[place] ?? [key, now]) : [key, now]
    })
    const isSame = told.length === before.length && told.every((part, i) => part === before[i])
    return { told, message: writer.finish(), isSame }
  }
}

const NOTHING = '""'

function digestOf(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22)
}
