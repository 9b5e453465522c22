import type { HeaderView } from '@postern/exchange'
import { isName } from '../bytes/words.ts'

/** Numbers per field in `MessageHead.fields`: name start, name end, value start, value end, code. */
export const STRIDE = 5

/**
 * A received head, kept as one text and the places of its fields in it. Nothing is cut out of the text before somebody asks,
 * and nothing refers to the read buffer, which the next message overwrites.
 */
export class MessageHead implements HeaderView {
  /** The head as received (one char per byte); a small message brings its body along behind `end`. */
  readonly text: string
  /** `STRIDE` numbers per field, as offsets into `text`, in order of arrival. */
  readonly fields: readonly number[]
  /** Offset behind the empty line that closes the head. */
  readonly end: number

  constructor(text: string, fields: readonly number[], end: number) {
    this.text = text
    this.fields = fields
    this.end = end
  }

  get(name: string): string | undefined {
    const { fields, text } = this
    let value: string | undefined
    for (let at = 0; at < fields.length; at += STRIDE) {
      if (!isName(text, fields[at] as number, fields[at + 1] as number, name)) continue
      const line = text.slice(fields[at + 2], fields[at + 3])
      // RFC 9110 §5.3; cookie pairs are joined by `; ` (RFC 6265 §5.4).
      value = value === undefined ? line : `${value}${name.toLowerCase() === 'cookie' ? '; ' : ', '}${line}`
    }
    return value
  }

  has(name: string): boolean {
    const { fields, text } = this
    for (let at = 0; at < fields.length; at += STRIDE) {
      if (isName(text, fields[at] as number, fields[at + 1] as number, name)) return true
    }
    return false
  }

  each(visit: (name: string, value: string) => void): void {
    const { fields, text } = this
    for (let at = 0; at < fields.length; at += STRIDE) {
      visit(text.slice(fields[at], fields[at + 1]), text.slice(fields[at + 2], fields[at + 3]))
    }
  }

  /** The value of the first field with this code (see `field-codes.ts`). */
  valueOf(code: number): string | undefined {
    const { fields, text } = this
    for (let at = 0; at < fields.length; at += STRIDE) {
      if (fields[at + 4] === code) return text.slice(fields[at + 2], fields[at + 3])
    }
    return undefined
  }
}
