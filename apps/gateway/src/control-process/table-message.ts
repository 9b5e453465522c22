import type { PackedPart } from './packed-parts.ts'

/** What turns the table that the receiver has into the next one, in a form that costs it little to receive. */
export interface TableMessage {
  readonly hosts: PartsMessage
  readonly backends: PartsMessage
  readonly certificates: PartsMessage
  /** Record of what is no list (`TableRest`); absent when the receiver has it. */
  readonly rest?: string
}

/**
 * The new list in runs of two numbers: `from, count` are items of the list before, `-1, count` the next ones of `bytes`. There
 * each item is three texts of one character a byte, and `ends` says where each text ends.
 */
export interface PartsMessage {
  readonly runs: readonly number[]
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly ends: Uint32Array<ArrayBuffer>
}

export const GIVEN = -1

/** Writes the runs of one list. */
export class PartsWriter {
  readonly #runs: number[] = []
  readonly #texts: string[] = []

  /** The item that stood at `place` of the list before. */
  keep(place: number): void {
    const [from, count] = this.#runs.slice(-2)
    if (from !== undefined && count !== undefined && from !== GIVEN && from + count === place) this.#extend()
    else this.#runs.push(place, 1)
  }

  give({ key, label, record }: PackedPart): void {
    if (this.#runs.at(-2) === GIVEN) this.#extend()
    else this.#runs.push(GIVEN, 1)
    this.#texts.push(toBytes(key), toBytes(label), record)
  }

  finish(): PartsMessage {
    const bytes = Buffer.from(new ArrayBuffer(this.#texts.reduce((sum, { length }) => sum + length, 0)))
    const ends = new Uint32Array(this.#texts.length)
    let end = 0
    for (const [i, text] of this.#texts.entries()) {
      end += bytes.write(text, end, 'latin1')
      ends[i] = end
    }
    return { runs: this.#runs, bytes: new Uint8Array(bytes.buffer), ends }
  }

  #extend(): void {
    const last = this.#runs.length - 1
    this.#runs[last] = (this.#runs[last] ?? 0) + 1
  }
}

/** Reads the given items of one list, in order. */
export class PartsReader {
  readonly #bytes: Buffer
  readonly #ends: Uint32Array
  #next = 0

  constructor({ bytes, ends }: PartsMessage) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#ends = ends
  }

  read(): PackedPart {
    const [key, label, record] = [this.#text(), this.#text(), this.#text()]
    return { key: fromBytes(key), label: fromBytes(label), record }
  }

  #text(): string {
    const from = this.#ends[this.#next - 1] ?? 0
    const to = this.#ends[this.#next]
    if (to === undefined) throw new Error('a message about a table is shorter than it says')
    this.#next += 1
    return this.#bytes.toString('latin1', from, to)
  }
}

function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

function fromBytes(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8')
}
