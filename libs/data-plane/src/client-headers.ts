import type { Journey } from './journey.ts'
import { NEVER_BELIEVED } from './never-believed.ts'

// RFC 9110 §7.6.1: they belong to the client's connection or frame its message; a request of ours has its own.
const NOT_COPIED = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'expect',
  'upgrade',
  'connection',
  'keep-alive',
  'te',
  'proxy-connection',
  'proxy-authorization',
  'proxy-authenticate',
  'http2-settings',
  'range',
  ...NEVER_BELIEVED,
])

/**
 * The client's headers for a request that tells somebody else what the client asked: no more of them than the upstream
 * gets, so that nobody decides about another request than the one that is served.
 */
export function clientHeaders(
  { exchange, table }: Journey,
  without: ReadonlySet<string> = new Set(),
): (readonly [string, string])[] {
  const named = (exchange.headers.get('connection') ?? '').toLowerCase().split(/[ \t]*,[ \t]*/)
  const copied: (readonly [string, string])[] = []
  exchange.headers.each((name, value) => {
    const lower = name.toLowerCase()
    if (NOT_COPIED.has(lower) || without.has(lower) || named.includes(lower)) return
    // CGI and WSGI read `x_real_ip` as `x-real-ip`, also where that one is ours.
    if (lower.includes('_') && !table.settings.underscoresInHeaders) return
    copied.push([name, value])
  })
  return copied
}
