import type { HeaderEdits } from '@postern/exchange'
import { FIELD_VALUE } from '../bytes/tables.ts'
import { isName } from '../bytes/words.ts'

const LEGAL_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

type Kind = 'set' | 'add' | 'remove'

/**
 * Edits of one header section. Names and values are checked when they are given, so that nothing that is written can break
 * a message in two: a line break in a value throws where the mistake is.
 */
export class FieldEdits implements HeaderEdits {
  /** Kind, name and value of each edit, one behind the other: one array per request instead of one per edit. */
  readonly #list: string[] = []

  set(name: string, value: string): void {
    this.#list.push('set', legalName(name), legalValue(name, value))
  }

  add(name: string, value: string): void {
    this.#list.push('add', legalName(name), legalValue(name, value))
  }

  remove(name: string): void {
    this.#list.push('remove', legalName(name), '')
  }

  each(visit: (kind: Kind, name: string, value: string | undefined) => void): void {
    const list = this.#list
    for (let at = 0; at < list.length; at += 3) {
      const kind = list[at] as Kind
      visit(kind, list[at + 1] as string, kind === 'remove' ? undefined : list[at + 2])
    }
  }

  /** Whether lines of this name that were received give way to an edit. */
  replaces(text: string, start: number, end: number): boolean {
    const list = this.#list
    for (let at = 0; at < list.length; at += 3) {
      if (isName(text, start, end, list[at + 1] as string) && list[at] !== 'add') return true
    }
    return false
  }

  /** The lines that the edits add. Framing and connection fields are the engine's own and are left out. */
  lines(): string {
    const list = this.#list
    let lines = ''
    for (let at = 0; at < list.length; at += 3) {
      const name = list[at + 1] as string
      if (list[at] === 'remove' || this.#isOverruled(at, name) || isEnginesOwn(name)) continue
      lines += `${name}: ${list[at + 2] as string}\r\n`
    }
    return lines
  }

  has(name: string): boolean {
    const list = this.#list
    for (let at = 1; at < list.length; at += 3)
      if (isName(name, 0, name.length, list[at] as string)) return true
    return false
  }

  // The last `set` or `remove` of a name replaces whatever stood there before.
  #isOverruled(at: number, name: string): boolean {
    const list = this.#list
    for (let later = at + 3; later < list.length; later += 3) {
      if (list[later] !== 'add' && isName(name, 0, name.length, list[later + 1] as string)) return true
    }
    return false
  }
}

// Names come from configuration and code, so there are few: each is judged once.
const judged = new Set<string>()
const MAX_JUDGED = 1024

function legalName(name: string): string {
  if (judged.has(name)) return name
  if (!LEGAL_NAME.test(name))
    throw new TypeError(`${JSON.stringify(name)} is no legal header name (RFC 9110 §5.1)`)
  if (judged.size < MAX_JUDGED) judged.add(name)
  return name
}

/** Chars beyond latin1 are sent as UTF-8; control characters throw. */
export function legalValue(name: string, value: string): string {
  if (isLegalValue(value)) return value
  const encoded = Buffer.from(value, 'utf8').toString('latin1')
  if (isLegalValue(encoded)) return encoded
  throw new TypeError(`the value of header ${name} holds a control character: ${JSON.stringify(value)}`)
}

// A loop: a regular expression costs five times as much on the short values that headers have.
function isLegalValue(value: string): boolean {
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at)
    if (code > 255 || FIELD_VALUE[code] === 0) return false
  }
  return true
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
