/** Beyond this cost one guess would hold the gateway for seconds; `htpasswd -B` writes 5, most libraries 10. */
const MAX_COST = 12
const FORM = /^\$2[abxy]\$(\d{2})\$[./A-Za-z0-9]{53}$/

// Whoever waits for a guess waits for those before it: guessing in numbers slows down the guessers, not the others.
const MAX_WAITING = 50

export function isBcrypt(hash: string): boolean {
  const cost = Number(FORM.exec(hash)?.[1] ?? NaN)
  return cost >= 4 && cost <= MAX_COST
}

let last: Promise<unknown> = Promise.resolve()
let waiting = 0

/**
 * Compares one password after the other, in slices of at most a tenth of a second, since this runs on the thread that
 * serves. Undefined when too many are waiting.
 */
export async function verifyBcrypt(password: string, hash: string): Promise<boolean | undefined> {
  if (waiting >= MAX_WAITING) return undefined
  waiting += 1
  const before = last
  const compare = async (): Promise<boolean> => {
    await before
    const { compare: verify } = await import('bcryptjs')
    // PHP's and Apache's name for what is called 2b since 2014: the same algorithm.
    return verify(password, hash.replace(/^\$2[xy]/, '$2b'))
  }
  const result = compare().finally(() => (waiting -= 1))
  last = result.catch(() => undefined)
  return result
}
