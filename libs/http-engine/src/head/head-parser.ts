import { COLON, CR, FIELD_VALUE, HTAB, LF, SP, TOKEN } from '../bytes/tables.ts'
import { eachMember, isWord } from '../bytes/words.ts'
import { CONNECTION, fieldCode, NAMED_BY_CONNECTION, ORDINARY } from './field-codes.ts'
import { FieldFacts } from './field-facts.ts'
import { MessageHead, STRIDE } from './message-head.ts'
import { refuse, type Refusal } from './refusal.ts'

export interface HeadLimits {
  /** Bytes of start line and fields together. */
  readonly maxHeadBytes: number
  readonly maxHeaderCount: number
  /** Bytes of the start line alone. */
  readonly maxStartLineBytes: number
}

export type Progress = 'incomplete' | 'complete' | 'refused'

const START_LINE = 0
const LINE_START = 1
const NAME = 2
const OWS = 3
const VALUE = 4
const VALUE_LF = 5
const END_LF = 6

// Room that a parser keeps from one message to the next; few have more fields.
const KEPT_FIELDS = 64

/**
 * Reads a head byte by byte, strictly, and may be interrupted anywhere: called again with more bytes it goes on where it
 * stood, so that every split of a message gives the same reading and no byte is looked at twice.
 *
 * All offsets are relative to the first byte of the message; the caller keeps the bytes together until the head is complete.
 */
export abstract class HeadParser {
  readonly facts: FieldFacts = new FieldFacts()
  readonly limits: HeadLimits
  refusal: Refusal | undefined = undefined
  /** Bytes read so far; after `complete`, the length of the head. */
  at = 0

  #state = START_LINE
  #mark = 0
  #nameEnd = 0
  #valueStart = 0
  /** The places of the fields, `STRIDE` numbers each, of which `#count` are of this message: it is filled anew for each. */
  #fields: number[] = []
  #count = 0

  constructor(limits: HeadLimits) {
    this.limits = limits
  }

  /** Makes ready for the next message. */
  reset(): void {
    this.facts.reset()
    this.refusal = undefined
    this.at = 0
    this.#state = START_LINE
    this.#count = 0
    if (this.#fields.length > KEPT_FIELDS * STRIDE) this.#fields = []
  }

  /** `bytes[base, end)` is the message from its first byte; each call brings at least as much as the one before. */
  parse(bytes: Buffer, base: number, end: number): Progress {
    const stop = Math.min(end, base + this.limits.maxHeadBytes)
    if (this.#state === START_LINE) {
      const started = this.startLine(bytes, base, stop)
      if (started !== 'complete') return this.#paused(started, stop < end)
      this.#state = LINE_START
    }
    return this.#paused(this.#fieldSection(bytes, base, stop), stop < end)
  }

  /** The parsed head. `end` may lie behind the head, to take a small body along. */
  take(bytes: Buffer, base: number, end: number): MessageHead {
    return new MessageHead(bytes.toString('latin1', base, end), this.#fields.slice(0, this.#count), this.at)
  }

  /** Reads the start line from `this.at` on; gives `complete` once its line feed was read. */
  protected abstract startLine(bytes: Buffer, base: number, stop: number): Progress

  /** The rules for a whole head of this kind. */
  protected abstract check(bytes: Buffer, base: number): Refusal | undefined

  protected refused(status: number, reason: string): Progress {
    this.refusal = refuse(status, reason)
    return 'refused'
  }

  #paused(progress: Progress, atLimit: boolean): Progress {
    if (progress !== 'incomplete' || !atLimit) return progress
    return this.refused(431, `the head is larger than ${String(this.limits.maxHeadBytes)} bytes`)
  }

  #fieldSection(bytes: Buffer, base: number, stop: number): Progress {
    let state = this.#state
    let i = base + this.at
    while (i < stop) {
      if (state === LINE_START) {
        if (bytes[i] === CR) {
          state = END_LF
          i++
          continue
        }
        if (this.#count >= this.limits.maxHeaderCount * STRIDE)
          return this.refused(431, 'too many header fields')
        this.#mark = i - base
        state = NAME
      }
      if (state === NAME) {
        while (i < stop && TOKEN[bytes[i] as number] !== 0) i++
        if (i === stop) break
        if (bytes[i] !== COLON || i - base === this.#mark) return this.#badName(bytes[i] as number, i - base)
        this.#nameEnd = i++ - base
        state = OWS
      }
      if (state === OWS) {
        while (i < stop && (bytes[i] === SP || bytes[i] === HTAB)) i++
        if (i === stop) break
        this.#valueStart = i - base
        state = VALUE
      }
      if (state === VALUE) {
        while (i < stop && FIELD_VALUE[bytes[i] as number] !== 0) i++
        if (i === stop) break
        if (bytes[i] !== CR)
          return this.refused(400, 'a field value holds a control character or a bare line feed')
        state = VALUE_LF
        i++
        continue
      }
      if (bytes[i++] !== LF) return this.refused(400, 'a carriage return without a line feed')
      if (state === END_LF) return this.#completed(bytes, base, i)
      if (!this.#field(bytes, base, i - 2)) return 'refused'
      state = LINE_START
    }
    this.#state = state
    this.at = i - base
    return 'incomplete'
  }

  #field(bytes: Buffer, base: number, lineEnd: number): boolean {
    const valueStart = base + this.#valueStart
    let valueEnd = lineEnd
    while (valueEnd > valueStart && (bytes[valueEnd - 1] === SP || bytes[valueEnd - 1] === HTAB)) valueEnd--
    const code = fieldCode(bytes, base + this.#mark, base + this.#nameEnd)
    const fields = this.#fields
    const at = this.#count
    fields[at] = this.#mark
    fields[at + 1] = this.#nameEnd
    fields[at + 2] = this.#valueStart
    fields[at + 3] = valueEnd - base
    fields[at + 4] = code
    this.#count = at + STRIDE
    if (code !== ORDINARY) this.refusal = this.facts.note(code, bytes, valueStart, valueEnd)
    return this.refusal === undefined
  }

  #badName(byte: number, offset: number): Progress {
    if ((byte === SP || byte === HTAB) && offset === this.#mark)
      return this.refused(400, 'a folded header line')
    if (byte === SP || byte === HTAB) return this.refused(400, 'white space before a colon')
    return this.refused(400, 'a header line without a legal name')
  }

  #completed(bytes: Buffer, base: number, i: number): Progress {
    this.at = i - base
    if (this.facts.namedFields > 0) this.#markNamed(bytes, base)
    this.refusal = this.check(bytes, base)
    return this.refusal === undefined ? 'complete' : 'refused'
  }

  // RFC 9110 §7.6.1: what `Connection` names belongs to this connection and is not passed on.
  #markNamed(bytes: Buffer, base: number): void {
    const fields = this.#fields
    const all = this.#count
    for (let at = 0; at < all; at += STRIDE) {
      if (fields[at + 4] !== CONNECTION) continue
      eachMember(
        bytes,
        base + (fields[at + 2] as number),
        base + (fields[at + 3] as number),
        (start, end) => {
          const name = bytes.toString('latin1', start, end).toLowerCase()
          for (let other = 0; other < all; other += STRIDE) {
            const isNamed = isWord(
              bytes,
              base + (fields[other] as number),
              base + (fields[other + 1] as number),
              name,
            )
            if (fields[other + 4] === ORDINARY && isNamed) fields[other + 4] = NAMED_BY_CONNECTION
          }
        },
      )
    }
  }
}
