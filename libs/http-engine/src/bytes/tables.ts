/** Control characters and separators that the parsers name. */
export const CR = 13
export const LF = 10
export const SP = 32
export const HTAB = 9
export const COLON = 58
export const COMMA = 44
export const SEMICOLON = 59

const TOKEN_CHARS = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"

/** RFC 9110 §5.6.2: the lower-case form of a byte that may stand in a token; 0 for every other byte. */
export const TOKEN: Uint8Array = tokenTable()

/** RFC 9112 §3.2: visible ASCII may stand in a request target, except `#`, which begins a fragment. */
export const TARGET: Uint8Array = table((byte) => byte > 32 && byte < 127 && byte !== 35)

/** RFC 9110 §5.5: tab, space, visible ASCII and obs-text may stand in a field value; no other control byte. */
export const FIELD_VALUE: Uint8Array = table((byte) => byte === HTAB || (byte >= SP && byte !== 127))

/** The value of a hexadecimal digit plus one; 0 for every other byte. */
export const HEX: Uint8Array = hexTable()

function table(allowed: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (allowed(byte) ? 1 : 0))
}

function tokenTable(): Uint8Array {
  const bytes = new Uint8Array(256)
  for (const char of TOKEN_CHARS) bytes[char.charCodeAt(0)] = char.charCodeAt(0)
  for (let upper = 65; upper <= 90; upper++) bytes[upper] = upper + 32
  return bytes
}

function hexTable(): Uint8Array {
  const bytes = new Uint8Array(256)
  for (let value = 0; value < 16; value++) {
    const digit = value.toString(16)
    bytes[digit.charCodeAt(0)] = value + 1
    bytes[digit.toUpperCase().charCodeAt(0)] = value + 1
  }
  return bytes
}
