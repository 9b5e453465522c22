import type { HeaderView } from '@postern/exchange'

/** For whom an answer may be kept, and how long. */
export interface AnswerLifetime {
  /** Absent: as long as its status says. */
  readonly ms?: number
  /** Headers of the request that the answer depends on, in lower case. */
  readonly vary: readonly string[]
}

// nginx keeps no more of a Vary line.
const MAX_VARY = 128

/**
 * What an answer says about being kept, as nginx's proxy_cache reads it (ngx_http_upstream_process_*): never one that sets a
 * cookie, which is for one client; X-Accel-Expires before all else, then Cache-Control, then Expires. Undefined: not at all.
 */
export function answerLifetime(headers: HeaderView, now: Date): AnswerLifetime | undefined {
  const varies = headers.get('vary') ?? ''
  if (headers.get('set-cookie') !== undefined || varies.length > MAX_VARY || varies.includes('*'))
    return undefined
  const vary = varies
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  const ms = toldMs(headers, now)
  if (ms === undefined) return { vary }
  return ms > 0 ? { ms, vary } : undefined
}

function toldMs(headers: HeaderView, now: Date): number | undefined {
  const accel = headers.get('x-accel-expires')
  if (accel !== undefined) return accelMs(accel, now)
  const byControl = controlMs(headers.get('cache-control') ?? '')
  if (byControl !== undefined) return byControl
  const expires = headers.get('expires')
  // A date that cannot be read is in the past (RFC 9111 §5.3).
  return expires === undefined ? undefined : (Date.parse(expires) || 0) - now.getTime()
}

function accelMs(text: string, now: Date): number | undefined {
  const [, at, seconds] = /^(@?)(\d+)$/.exec(text.trim()) ?? []
  if (seconds === undefined) return undefined
  return at === '@' ? Number(seconds) * 1_000 - now.getTime() : Number(seconds) * 1_000
}

function controlMs(text: string): number | undefined {
  if (/no-cache|no-store|private/i.test(text)) return 0
  const seconds = /s-maxage=(\d+)/i.exec(text)?.[1] ?? /max-age=(\d+)/i.exec(text)?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1_000
}
