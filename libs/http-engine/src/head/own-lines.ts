import { FIELD_VALUE } from '../bytes/tables.ts'
import { isName } from '../bytes/words.ts'

const LEGAL_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

// Names come from configuration and code, so there are few: each is judged once.
const judged = new Set<string>()
const MAX_JUDGED = 1024

/** @throws TypeError for what is no header name. */
export function legalName(name: string): string {
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
    if (!isEnginesOwn(legalName(name))) lines += `${name}: ${legalValue(name, value)}\r\n`
  }
  return lines
}

/** Framing and connection fields: the engine writes them itself. */
export function isEnginesOwn(name: string): boolean {
  const length = name.length
  return (
    (length === 7 && isName(name, 0, length, 'upgrade')) ||
    (length === 10 && (isName(name, 0, length, 'connection') || isName(name, 0, length, 'keep-alive'))) ||
    (length === 14 && isName(name, 0, length, 'content-length')) ||
    (length === 17 && isName(name, 0, length, 'transfer-encoding'))
  )
}
