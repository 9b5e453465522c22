import { Redacted } from './redacted.ts'

/**
 * Whether two parts of a table say the same: plain data to its leaves, secrets by what they hide, maps (password files)
 * entry by entry. Identical parts cost nothing.
 */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (a instanceof Redacted) return b instanceof Redacted && sameValue(a.reveal(), b.reveal())
  if (isMap(a)) return isMap(b) && sameEntries(a, b)
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameValue(item, b[i]))
  if (b instanceof Redacted || isMap(b) || Array.isArray(b)) return false
  return sameFields(a as Fields, b as Fields)
}

type Fields = Readonly<Record<string, unknown>>

function sameFields(a: Fields, b: Fields): boolean {
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && sameValue(a[name], b[name]))
  )
}

function sameEntries(a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.has(key) && sameValue(value, b.get(key)))
}

// What came from another thread may be of another realm (node:vm), whose Map is not ours.
function isMap(value: object): value is ReadonlyMap<unknown, unknown> {
  return Object.prototype.toString.call(value) === '[object Map]'
}
