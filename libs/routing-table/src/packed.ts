import { Redacted } from './redacted.ts'

declare const packed: unique symbol

/**
 * A value that may cross a structured clone (HTML §2.7.3), secrets included, and means nothing before `unpack`. It holds
 * the secrets openly: it is for a message between threads, never for a log or a file.
 */
export interface Packed<T> {
  readonly parts: unknown
  readonly [packed]: T
}

/**
 * Reveals every secret for the way to another thread: a clone would silently drop what a class hides. A table is JSON but
 * for its secrets, so a Set of one stands for each of them and cannot be anything else. Parts without secrets are not copied.
 */
export function pack<T>(value: T): Packed<T> {
  return { parts: reveal(value) } as unknown as Packed<T>
}

/** The value again, frozen to its leaves, its secrets hidden as before. What is given must have come out of a clone: it is used up. */
export function unpack<T>(clone: Packed<T>): T {
  return hide(clone.parts) as T
}

function reveal(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Redacted) return new Set([value.reveal()])
  if (Array.isArray(value)) {
    const items = value.map(reveal)
    return items.every((item, i) => item === value[i]) ? value : items
  }
  const fields = Object.entries(value)
  const revealed = fields.map(([name, field]) => [name, reveal(field)] as const)
  return revealed.every(([, field], i) => field === fields[i]?.[1]) ? value : Object.fromEntries(revealed)
}

// Works in place: what comes out of a clone belongs to nobody else. What is frozen was met before.
function hide(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (isSet(value)) return Object.freeze(new Redacted([...value][0]))
  if (Object.isFrozen(value)) return value
  const fields = value as Record<string, unknown>
  for (const [name, field] of Object.entries(fields)) {
    const hidden = hide(field)
    if (hidden !== field) fields[name] = hidden
  }
  return Object.freeze(value)
}

// A clone may come from another realm (node:vm), whose Set is not ours.
function isSet(value: object): value is ReadonlySet<unknown> {
  return Object.prototype.toString.call(value) === '[object Set]'
}
