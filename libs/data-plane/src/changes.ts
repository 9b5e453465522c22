/** What a list lost and what it got. An item that says something else is another object: one goes, one comes. */
export interface Changes<T> {
  readonly gone: readonly T[]
  readonly come: readonly T[]
}

/**
 * Compares two lists by the identity of their items, whatever their order. What both begin and end with is passed over
 * quickly: of 10,000 hosts one changes.
 */
export function changesBetween<T>(before: readonly T[], after: readonly T[]): Changes<T> {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start += 1
  let end = 0
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1
  const was = before.slice(start, before.length - end)
  const is = after.slice(start, after.length - end)
  const [inBefore, inAfter] = [new Set(was), new Set(is)]
  return { gone: was.filter((item) => !inAfter.has(item)), come: is.filter((item) => !inBefore.has(item)) }
}
