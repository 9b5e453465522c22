/** How a turnstile lets jobs through. */
export interface TurnstileOptions {
  /** Jobs that run at once. */
  readonly places: number
  /** How long a job may wait for its place; after that nobody waits for its result any more. */
  readonly longestWaitMs: number
  readonly clock?: () => number
}

/** A job that waited too long and was not begun. Services answer it as `503`, like every error with that status. */
export class BusyError extends Error {
  override readonly name = 'BusyError'
  readonly statusCode = 503

  constructor(waitedMs: number) {
    super(`too many jobs at once: one was given up after ${Math.round(waitedMs)} ms in line`)
  }
}

/**
 * Lets a few jobs run at once; the others wait in the order they came. A job whose turn comes too late is refused instead of
 * begun: under a load that is too high those that are begun are then done in time, instead of all of them too late.
 */
export function createTurnstile({
  places,
  longestWaitMs,
  clock = () => performance.now(),
}: TurnstileOptions): <T>(job: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let free = places
  const enter = async (): Promise<void> => {
    if (free > 0) {
      free -= 1
      return
    }
    const sinceMs = clock()
    await new Promise<void>((resolve) => waiting.push(resolve))
    const waitedMs = clock() - sinceMs
    if (waitedMs <= longestWaitMs) return
    leave()
    throw new BusyError(waitedMs)
  }
  // A place goes straight to the next in line, so that nobody who comes meanwhile overtakes.
  const leave = (): void => {
    const next = waiting.shift()
    if (next === undefined) free += 1
    else next()
  }
  return async (job) => {
    await enter()
    try {
      return await job()
    } finally {
      leave()
    }
  }
}
