import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose'

/** Where the issuer's public keys are, and how long to wait for them. */
export interface KeySetOptions {
  readonly url: string
  readonly timeoutMs: number
  readonly nowMs?: () => number
}

/** As long as the issuer says they may be kept. */
const KEEP_MS = 300_000
/** Between two fetches that unknown key ids or a silent issuer cause: neither must make us busy. */
const COOLDOWN_MS = 10_000

/**
 * Follows the issuer's public keys. They are asked for anew every five minutes; when the issuer is silent then, the last ones hold, however
 * long that takes: its outage must not become one of everybody who verifies by them. jose alone would refuse every token.
 */
export function followKeySet({ url, timeoutMs, nowMs = Date.now }: KeySetOptions): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(url), {
    timeoutDuration: timeoutMs,
    cacheMaxAge: Number.POSITIVE_INFINITY,
    cooldownDuration: COOLDOWN_MS,
  })
  let renewAtMs = nowMs() + KEEP_MS
  const renew = async (): Promise<void> => {
    // Before the answer: whoever comes meanwhile goes on with the keys at hand.
    renewAtMs = nowMs() + COOLDOWN_MS
    try {
      await keys.reload()
      renewAtMs = nowMs() + KEEP_MS
    } catch {
      // The list of ended accounts comes from the same place every two seconds: the log says already that nobody answers there.
    }
  }
  return async (header, token) => {
    if (keys.jwks() !== undefined && nowMs() >= renewAtMs) await renew()
    return keys(header, token)
  }
}
