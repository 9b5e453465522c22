/**
 * The known word nearest to `word`, if it is near enough to be a slip: a third of its letters, at most three edits
 * (insert, delete, replace, swap of neighbours). Parts in another order (`body-size-proxy`) count as near too.
 */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const limit = Math.min(3, Math.max(1, Math.floor(word.length / 3)))
  const parts = sortedParts(word)
  let best: string | undefined
  let bestDistance = limit + 1
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) > limit) continue
    const distance =
      sortedParts(candidate) === parts ? 1 : editDistance(word.toLowerCase(), candidate.toLowerCase(), limit)
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
  }
  return best ?? (word.length > 5 ? byEnding(word, known) : undefined)
}

/** `body-size` for `proxy-body-size`: a forgotten first or last part, when only one word fits. */
function byEnding(word: string, known: Iterable<string>): string | undefined {
  const fits = [...known].filter(
    (candidate) => candidate.endsWith(`-${word}`) || candidate.startsWith(`${word}-`),
  )
  return fits.length === 1 ? fits[0] : undefined
}

function sortedParts(word: string): string {
  return word.split(/[-_.]/).sort().join('-').toLowerCase()
}

// Damerau-Levenshtein, optimal string alignment; gives up past the limit.
function editDistance(a: string, b: string, limit: number): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1)
      row.push(cost)
    }
    if (Math.min(...row) > limit) return limit + 1
    ;[beforeLast, last] = [last, row]
  }
  return last[b.length] ?? limit + 1
}
