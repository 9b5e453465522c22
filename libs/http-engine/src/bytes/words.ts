import { COMMA, HTAB, SP, TOKEN } from './tables.ts'

/** Whether the bytes are the given lower-case ASCII word, without regard to case. */
export function isWord(bytes: Uint8Array, start: number, end: number, word: string): boolean {
  if (end - start !== word.length) return false
  for (let at = 0; at < word.length; at++) {
    if (TOKEN[bytes[start + at] as number] !== word.charCodeAt(at)) return false
  }
  return true
}

/** Whether a stretch of text is the given name, without regard to case. Both must be tokens. */
export function isName(text: string, start: number, end: number, name: string): boolean {
  const length = name.length
  if (end - start !== length) return false
  for (let at = 0; at < length; at++) {
    const one = text.charCodeAt(start + at)
    const other = name.charCodeAt(at)
    if (one !== other && TOKEN[one] !== TOKEN[other]) return false
  }
  return true
}

/** Visits every member of a comma-separated list (RFC 9110 §5.6.1) without the white space around it; empty members are left out. */
export function eachMember(
  bytes: Uint8Array,
  start: number,
  end: number,
  visit: (start: number, end: number) => void,
): void {
  let at = start
  while (at < end) {
    let stop = at
    while (stop < end && bytes[stop] !== COMMA) stop++
    let first = at
    let last = stop
    while (first < last && isBlank(bytes[first])) first++
    while (last > first && isBlank(bytes[last - 1])) last--
    if (last > first) visit(first, last)
    at = stop + 1
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === SP || byte === HTAB
}
