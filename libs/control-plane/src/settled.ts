export interface Quiet {
  /** Waits until nothing has come for this long… */
  readonly quietMs: number
  /** …but never longer than this after the first one. */
  readonly maxMs: number
}

/**
 * Gives the latest of a burst. An editor writes a file in several steps and `kubectl apply -k` many objects: one table
 * for all of them. The very first item is given at once.
 */
export async function* settled<T>(items: AsyncIterable<T>, { quietMs, maxMs }: Quiet): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]()
  let next = iterator.next()
  const first = await next
  if (first.done) return
  yield first.value
  next = iterator.next()
  for (;;) {
    const item = await next
    if (item.done) return
    let latest = item.value
    next = iterator.next()
    const deadline = performance.now() + maxMs
    for (;;) {
      const patience = Math.min(quietMs, deadline - performance.now())
      const more = patience > 0 ? await within(next, patience) : undefined
      if (more === undefined || more.done) break
      latest = more.value
      next = iterator.next()
    }
    yield latest
  }
}

/** The result if it comes in time; the promise itself goes on either way. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
