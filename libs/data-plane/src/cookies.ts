import type { Exchange } from '@postern/exchange'

/** The value of one cookie as sent (RFC 6265 §5.4), or undefined. The first of several wins, as in nginx. */
export function readCookie(exchange: Exchange, name: string): string | undefined {
  const header = exchange.headers.get('cookie')
  if (header === undefined) return undefined
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim()
  }
  return undefined
}
