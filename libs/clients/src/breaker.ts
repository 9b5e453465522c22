/** When a breaker opens and for how long. */
export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number
  /** How long it stays open; then one call may try. */
  readonly openMs: number
  readonly clock?: () => number
}

/** Keeps calls away from a service that fails, so that callers are answered at once and the service can come back. */
export interface Breaker {
  /** False while the service is left alone. A caller that got true reports how it went. */
  allows(): boolean
  succeeded(): void
  failed(): void
}

type State =
  | { readonly kind: 'closed'; readonly failures: number }
  | { readonly kind: 'open'; readonly untilMs: number }
  /** One call is out to see whether the service is back; if it never reports, another may try later. */
  | { readonly kind: 'trying'; readonly untilMs: number }

/** Makes a breaker that is closed: every call goes through. */
export function createBreaker({ failures: limit, openMs, clock = Date.now }: BreakerOptions): Breaker {
  let state: State = { kind: 'closed', failures: 0 }
  return {
    allows: () => {
      if (state.kind === 'closed') return true
      if (clock() < state.untilMs) return false
      state = { kind: 'trying', untilMs: clock() + openMs }
      return true
    },
    succeeded: () => {
      state = { kind: 'closed', failures: 0 }
    },
    failed: () => {
      const failures = state.kind === 'closed' ? state.failures + 1 : limit
      state = failures < limit ? { kind: 'closed', failures } : { kind: 'open', untilMs: clock() + openMs }
    },
  }
}
