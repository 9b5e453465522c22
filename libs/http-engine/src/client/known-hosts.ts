import type { HostName } from '@postern/routing-table'
import type { Refusal } from '../head/refusal.ts'
import { readHost } from './request-line.ts'

/** An authority as received, and its host. */
export interface KnownHost {
  readonly authority: string
  readonly host: HostName
}

const MAX_KEPT = 1024
// A DNS name with its port; whatever is longer is read each time, so that 1,024 of them stay small.
const MAX_KEPT_BYTES = 260

/** The hosts that the clients of a listener ask for: few, and read anew by every connection otherwise. */
export class KnownHosts {
  #kept = new Map<string, KnownHost>()

  /** `isRequired` is false for HTTP/1.0, which may come without an authority. */
  read(authority: string, isRequired: boolean): KnownHost | Refusal {
    const known = this.#kept.get(authority)
    if (known !== undefined) return known
    const host = readHost(authority, isRequired)
    if (typeof host !== 'string') return host
    // A copy: a slice would keep the whole head alive.
    const read = { authority: Buffer.from(authority, 'latin1').toString('latin1'), host }
    // What is missing is legal for some and not for others, so it is never known.
    if (authority !== '' && authority.length <= MAX_KEPT_BYTES) this.#keep(read)
    return read
  }

  #keep(known: KnownHost): void {
    if (this.#kept.size >= MAX_KEPT) this.#kept = new Map()
    this.#kept.set(known.authority, known)
  }
}
