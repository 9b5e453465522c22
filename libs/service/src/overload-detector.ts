/** When a service is overloaded. */
export interface OverloadOptions {
  /** How long requests may wait. */
  readonly limitMs: number
  /** How long it has to be late without a break before that counts. */
  readonly sustainedMs: number
}

/** Follows how long requests wait. */
export interface OverloadDetector {
  /** Told again and again how long they do; tells whether requests are to be refused until the next time. */
  observe(lateMs: number, nowMs: number): boolean
}

/**
 * Finds overload as CoDel does (RFC 8289 §3): by the least delay over an interval, not by one or the average. A collection of
 * garbage, the start of a process or a cgroup that used up its share of CPU makes the loop late now and then, and between two such
 * stalls it is on time; a queue that only grows never is. One observation on time ends the refusing; within an
 * interval of that the next late one begins it again, so that a load that stays too high is not let in for another interval each time.
 */
export function createOverloadDetector({ limitMs, sustainedMs }: OverloadOptions): OverloadDetector {
  let lateSinceMs: number | undefined
  let refusedUntilMs = Number.NEGATIVE_INFINITY
  return {
    observe: (lateMs, nowMs) => {
      if (lateMs < limitMs) {
        lateSinceMs = undefined
        return false
      }
      lateSinceMs ??= nowMs
      // By when this delay began: it alone may be longer than the interval.
      const relapsed = nowMs - lateMs - refusedUntilMs < sustainedMs
      const refuse = relapsed || nowMs - lateSinceMs >= sustainedMs
      if (refuse) refusedUntilMs = nowMs
      return refuse
    },
  }
}
