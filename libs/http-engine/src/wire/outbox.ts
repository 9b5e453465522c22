/** Holds something back until the end of the turn. */
export interface Deferred {
  flush(): void
}

// A turn with very many requests is not waited for: nobody's answer stands longer than some sixty others take.
const MOST = 64

/**
 * What is to be written in this turn of the loop leaves at its end, one socket right after the other. A peer that sleeps costs
 * the writer more than the write itself: written to one by one, a peer is woken for each answer, reads it and sleeps
 * again; written to together, the first write wakes it and finds it still awake for the rest.
 */
export class Outbox {
  #waiting: Deferred[] = []
  #isDue = false
  readonly #turnEnds = (): void => {
    this.#isDue = false
    this.flush()
  }

  add(deferred: Deferred): void {
    if (this.#waiting.push(deferred) >= MOST) return this.flush()
    if (this.#isDue) return
    this.#isDue = true
    setImmediate(this.#turnEnds)
  }

  flush(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const deferred of waiting) deferred.flush()
  }
}
