/** Lets at most `places` jobs run at once; the others wait in the order they came. */
export function createTurnstile(places: number): <T>(job: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let free = places
  return async (job) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await job()
    } finally {
      // A place goes straight to the next in line, so that nobody who comes meanwhile overtakes.
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}
