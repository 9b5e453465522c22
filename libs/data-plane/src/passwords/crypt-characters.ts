const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The letters of crypt(3): six bits each, the lowest first. */
export function cryptCharacters(value: number, length: number): string {
  return Array.from({ length }, (_, i) => ALPHABET[(value >> (6 * i)) & 63] ?? '').join('')
}

/** Bytes of a digest, three at a time, in the order that the scheme mixes them in. */
export function cryptGroups(digest: Buffer, order: readonly (readonly number[])[]): string {
  const byte = (i: number | undefined): number => digest[i ?? 0] ?? 0
  return order.map(([a, b, c]) => cryptCharacters((byte(a) << 16) | (byte(b) << 8) | byte(c), 4)).join('')
}
