import { ServiceError } from './call-service.ts'

/** Makes a call with the newest token; when that has expired, renews it once and calls again. */
export type CallWithToken = <T>(token: string, call: (token: string) => Promise<T>) => Promise<T>

/**
 * Access tokens live for minutes, a session for days. `renew` asks for the next token and throws when the session is over:
 * then the first refusal is what the caller sees. Calls that are refused at the same time share one renewal, since
 * a refresh token is good for one use only.
 */
export function withRenewal(renew: () => Promise<string>): CallWithToken {
  const newest = new Map<string, string>()
  let renewal: Promise<string> | undefined
  return async (token, call) => {
    try {
      return await call(newest.get(token) ?? token)
    } catch (error) {
      if (!(error instanceof ServiceError && error.status === 401)) throw error
      renewal ??= renew().finally(() => (renewal = undefined))
      const next = await renewal.catch(() => undefined)
      if (next === undefined) throw error
      newest.clear()
      newest.set(token, next)
      return call(next)
    }
  }
}
