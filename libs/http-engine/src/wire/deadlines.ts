import { Roster } from './roster.ts'

/** Something that must happen before a moment; `Infinity` while nothing is awaited. */
export interface Timed {
  /** Milliseconds of `Deadlines.now`. Changing it is one assignment: that is what a request costs. */
  deadline: number
  expired(): void
}

const TICK_MS = 50

/**
 * One coarse timer for all connections: a tick walks them and calls those whose time is over. Nothing is scheduled or
 * cancelled per request; a walk over ten thousand connections takes about a tenth of a millisecond.
 */
export class Deadlines {
  /** Milliseconds on the monotonic clock, at most one tick old while something is watched. */
  now: number
  readonly #clock: () => number
  readonly #watched = new Roster<Timed>()
  #timer: NodeJS.Timeout | undefined

  constructor(clock: () => number) {
    this.#clock = clock
    this.now = clock()
  }

  watch(timed: Timed): void {
    this.#watched.add(timed)
    if (this.#timer !== undefined) return
    this.now = this.#clock()
    this.#timer = setInterval(() => this.tick(), TICK_MS)
    this.#timer.unref()
  }

  forget(timed: Timed): void {
    this.#watched.remove(timed)
  }

  /** Calls what is due. The timer does it; a test may with a clock of its own. */
  tick(): void {
    const now = (this.now = this.#clock())
    if (this.#watched.size === 0) {
      clearInterval(this.#timer)
      this.#timer = undefined
    }
    this.#watched.each((timed) => {
      if (timed.deadline > now) return
      timed.deadline = Infinity
      timed.expired()
    })
  }

  /** Reads the clock itself, for moments that are told to somebody. */
  exact(): number {
    return (this.now = this.#clock())
  }
}
