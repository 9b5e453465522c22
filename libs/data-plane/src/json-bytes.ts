/** Writes parts of a JSON line straight into bytes, from `at` on; each gives the offset behind what it wrote. */

// A longer text is looked through faster by an expression, and written faster at once.
const SHORT = 64
// Printable ASCII without `"` and `\` stands as it is; everything else is escaped by those who know how.
const PLAIN = /^[ !#-[\]-~]*$/

/** Most bytes that one UTF-16 unit of a text becomes: `\u001f`. */
export const BYTES_PER_UNIT = 6

/** A string with its quotes. */
export function putString(bytes: Buffer, at: number, text: string): number {
  const { length } = text
  if (length > SHORT) return putLong(bytes, at, text)
  bytes[at] = QUOTE
  const start = at + 1
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code < SPACE || code > TILDE || code === QUOTE || code === BACKSLASH)
      return at + bytes.write(JSON.stringify(text), at)
    bytes[start + i] = code
  }
  bytes[start + length] = QUOTE
  return start + length + 1
}

function putLong(bytes: Buffer, at: number, text: string): number {
  if (!PLAIN.test(text)) return at + bytes.write(JSON.stringify(text), at)
  bytes[at] = QUOTE
  const end = at + 1 + bytes.write(text, at + 1, 'latin1')
  bytes[end] = QUOTE
  return end + 1
}

/** What was encoded before. */
export function putBytes(bytes: Buffer, at: number, encoded: Uint8Array): number {
  bytes.set(encoded, at)
  return at + encoded.length
}

/** A number that is not negative and has no more than two digits behind the point; any other as JSON writes it. */
export function putNumber(bytes: Buffer, at: number, value: number): number {
  const hundredths = Math.round(value * 100)
  if (!(hundredths >= 0 && hundredths <= MAX_HUNDREDTHS)) return at + bytes.write(JSON.stringify(value), at)
  const whole = Math.floor(hundredths / 100)
  const rest = hundredths - whole * 100
  const end = putWhole(bytes, at, whole)
  if (rest === 0) return end
  bytes[end] = POINT
  bytes[end + 1] = ZERO + Math.floor(rest / 10)
  if (rest % 10 === 0) return end + 2
  bytes[end + 2] = ZERO + (rest % 10)
  return end + 3
}

function putWhole(bytes: Buffer, at: number, value: number): number {
  let end = at + 1
  for (let above = 10; above <= value; above *= 10) end++
  let rest = value
  for (let place = end - 1; place >= at; place--) {
    const tenth = Math.floor(rest / 10)
    bytes[place] = ZERO + (rest - tenth * 10)
    rest = tenth
  }
  return end
}

const MAX_HUNDREDTHS = 2 ** 30
const SPACE = 0x20
const QUOTE = 0x22
const POINT = 0x2e
const ZERO = 0x30
const BACKSLASH = 0x5c
const TILDE = 0x7e
