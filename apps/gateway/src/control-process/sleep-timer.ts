const AT_LEAST_MS = 10_000
const AT_MOST_MS = 60_000

// Where waking takes long, it is not worth it for a short sleep: a fifth of the time at most is spent on it.
const TIMES_WAKING = 5

/** When the control process may end: some time after the last change or question. */
export class SleepTimer {
  readonly #due: () => void
  readonly #delayMs: (wakingMs: number) => number
  #timer: NodeJS.Timeout | undefined
  #startedAt = 0
  #wakingMs = 0

  constructor(due: () => void, delayMs: (wakingMs: number) => number = sleepDelayMs) {
    this.#due = due
    this.#delayMs = delayMs
  }

  /** The process begins. */
  start(): void {
    this.#startedAt = performance.now()
    this.touch()
  }

  /** The process has read everything. */
  read(): void {
    this.#wakingMs = performance.now() - this.#startedAt
    this.touch()
  }

  /** Something happened: the time begins anew. */
  touch(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#due, this.#delayMs(this.#wakingMs))
    this.#timer.unref()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}

function sleepDelayMs(wakingMs: number): number {
  return Math.min(Math.max(AT_LEAST_MS, wakingMs * TIMES_WAKING), AT_MOST_MS)
}
