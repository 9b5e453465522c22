import type { HeaderEdits } from '@postern/exchange'
import { isName } from '../bytes/words.ts'

const LEGAL_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const LEGAL_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

type Kind = 'set' | 'add' | 'remove'

/**
 * Edits of one header section. Names and values are checked when they are given, so that nothing that is written can break
 * a message in two: a line break in a value throws where the mistake is.
 */
export class FieldEdits implements HeaderEdits {
  readonly #kinds: Kind[] = []
  readonly #names: string[] = []
  readonly #values: (string | undefined)[] = []

  set(name: string, value: string): void {
    this.#push('set', name, legalValue(name, value))
  }

  add(name: string, value: string): void {
    this.#push('add', name, legalValue(name, value))
  }

  remove(name: string): void {
    this.#push('remove', name, undefined)
  }

  each(visit: (kind: Kind, name: string, value: string | undefined) => void): void {
    for (const [at, kind] of this.#kinds.entries()) visit(kind, this.#names[at] as string, this.#values[at])
  }

  /** Whether lines of this name that were received give way to an edit. */
  replaces(text: string, start: number, end: number): boolean {
    for (let at = 0; at < this.#names.length; at++) {
      if (this.#kinds[at] !== 'add' && isName(text, start, end, this.#names[at] as string)) return true
    }
    return false
  }

  /** The lines that the edits add. Framing and connection fields are the engine's own and are left out. */
  lines(): string {
    let lines = ''
    for (let at = 0; at < this.#names.length; at++) {
      const name = this.#names[at] as string
      if (this.#kinds[at] === 'remove' || this.#isOverruled(at, name) || isEnginesOwn(name)) continue
      lines += `${name}: ${this.#values[at] as string}\r\n`
    }
    return lines
  }

  has(name: string): boolean {
    return this.#names.some((other) => isName(other, 0, other.length, name))
  }

  #push(kind: Kind, name: string, value: string | undefined): void {
    if (!LEGAL_NAME.test(name))
      throw new TypeError(`${JSON.stringify(name)} is no legal header name (RFC 9110 §5.1)`)
    this.#kinds.push(kind)
    this.#names.push(name)
    this.#values.push(value)
  }

  // The last `set` or `remove` of a name replaces whatever stood there before.
  #isOverruled(at: number, name: string): boolean {
    for (let later = at + 1; later < this.#names.length; later++) {
      const other = this.#names[later] as string
      if (this.#kinds[later] !== 'add' && isName(other, 0, other.length, name)) return true
    }
    return false
  }
}

/** Chars beyond latin1 are sent as UTF-8; control characters throw. */
export function legalValue(name: string, value: string): string {
  if (LEGAL_VALUE.test(value)) return value
  const encoded = Buffer.from(value, 'utf8').toString('latin1')
  if (LEGAL_VALUE.test(encoded)) return encoded
  throw new TypeError(`the value of header ${name} holds a control character: ${JSON.stringify(value)}`)
}

/** `name: value` lines of pairs that are our own. */
export function ownLines(pairs: readonly (readonly [name: string, value: string])[]): string {
  let lines = ''
  for (const [name, value] of pairs) {
    if (!LEGAL_NAME.test(name))
      throw new TypeError(`${JSON.stringify(name)} is no legal header name (RFC 9110 §5.1)`)
    if (!isEnginesOwn(name)) lines += `${name}: ${legalValue(name, value)}\r\n`
  }
  return lines
}

function isEnginesOwn(name: string): boolean {
  const length = name.length
  return (
    (length === 7 && isName(name, 0, length, 'upgrade')) ||
    (length === 10 && (isName(name, 0, length, 'connection') || isName(name, 0, length, 'keep-alive'))) ||
    (length === 14 && isName(name, 0, length, 'content-length')) ||
    (length === 17 && isName(name, 0, length, 'transfer-encoding'))
  )
}
