import type { Backend, Certificate, HostPattern, HostTls, Route, VirtualHost } from '@postern/routing-table'
import { readRecord, type TableRecord } from './record.ts'

/** A part of a table as it travels and rests. */
export interface PackedPart {
  /** Pattern of a host, id of a backend or certificate. */
  readonly key: string
  /** What is looked at often, as JSON: the TLS of a host. Else empty. */
  readonly label: string
  readonly record: TableRecord
}

export type TablePart = VirtualHost | Backend | Certificate

/**
 * The parts as a table has them, each a view that is read out of its record when somebody looks, and forgotten again: ten
 * thousand hosts rest in a few MiB. Records are private, so nothing that prints a table prints secrets.
 */
class Packed {
  readonly #part: PackedPart

  constructor(part: PackedPart) {
    this.#part = part
  }

  static partOf(value: object): PackedPart | undefined {
    return value instanceof Packed ? value.#part : undefined
  }

  protected get content(): unknown {
    return read(this.#part.record)
  }

  toJSON(): unknown {
    return this.content
  }
}

class PackedHost extends Packed {
  readonly host: HostPattern
  readonly tls: HostTls | undefined

  constructor(part: PackedPart) {
    super(part)
    this.host = part.key as HostPattern
    this.tls = part.label === '' ? undefined : (JSON.parse(part.label) as HostTls)
  }

  get routes(): readonly Route[] {
    return (this.content as VirtualHost).routes
  }

  get defaultRoute(): Route | undefined {
    return (this.content as VirtualHost).defaultRoute
  }
}

class PackedBackend extends Packed {
  readonly id: Backend['id']

  constructor(part: PackedPart) {
    super(part)
    this.id = part.key as Backend['id']
  }

  get endpoints(): Backend['endpoints'] {
    return (this.content as Backend).endpoints
  }

  get balance(): Backend['balance'] {
    return (this.content as Backend).balance
  }

  get affinity(): Backend['affinity'] {
    return (this.content as Backend).affinity
  }

  get dns(): Backend['dns'] {
    return (this.content as Backend).dns
  }

  get origin(): Backend['origin'] {
    return (this.content as Backend).origin
  }
}

export function openHost(part: PackedPart): VirtualHost {
  return Object.freeze(new PackedHost(part)) as VirtualHost
}

export function openBackend(part: PackedPart): Backend {
  return Object.freeze(new PackedBackend(part)) as Backend
}

const certificates = new WeakMap<Certificate, PackedPart>()

/** Few, and needed whole. */
export function openCertificate(part: PackedPart): Certificate {
  const certificate = freeze(readRecord<Certificate>(part.record))
  certificates.set(certificate, part)
  return certificate
}

/** What a part was opened from. */
export function partOf(opened: TablePart): PackedPart {
  const part = Packed.partOf(opened) ?? certificates.get(opened as Certificate)
  if (part === undefined) throw new Error('this part of a table did not come from the control process')
  return part
}

// Whoever looks at one field of a part mostly looks at the next one too.
let last: { readonly record: TableRecord; readonly content: unknown } | undefined

function read(record: TableRecord): unknown {
  if (last?.record !== record) last = { record, content: freeze(readRecord<unknown>(record)) }
  return last.content
}

export function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const field of Object.values(value)) freeze(field)
  return Object.freeze(value)
}
