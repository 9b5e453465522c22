import type { CorsFilter } from '@postern/routing-table'
import type { PreparedFilter } from '../filter.ts'
import type { Journey } from '../journey.ts'
import { emptyReply } from '../reply.ts'

/** Answers preflights with 204 and marks every answer to an allowed origin, as ingress-nginx's CORS snippet. */
export function cors(filter: CorsFilter): PreparedFilter {
  const isAllowed = originTest(filter.allowOrigins)
  const allowOrigin = ({ exchange }: Journey): string | undefined => {
    const origin = exchange.headers.get('origin')
    if (filter.allowOrigins.includes('*')) return '*'
    return origin !== undefined && isAllowed(origin) ? origin : undefined
  }
  const headers = (origin: string, isPreflight: boolean): (readonly [string, string])[] => [
    ['Access-Control-Allow-Origin', origin],
    ...(filter.allowCredentials ? [['Access-Control-Allow-Credentials', 'true'] as const] : []),
    ['Access-Control-Allow-Methods', filter.allowMethods],
    ['Access-Control-Allow-Headers', filter.allowHeaders],
    ...(filter.exposeHeaders ? [['Access-Control-Expose-Headers', filter.exposeHeaders] as const] : []),
    ['Access-Control-Max-Age', String(filter.maxAgeS)],
    ...(isPreflight ? [['Content-Type', 'text/plain charset=UTF-8'] as const] : []),
  ]
  return {
    request: (journey) => {
      const origin = allowOrigin(journey)
      if (journey.exchange.method !== 'OPTIONS' || origin === undefined) return undefined
      return emptyReply(204, ...headers(origin, true))
    },
    response: (journey, status) => {
      const origin = allowOrigin(journey)
      const { exchange } = journey
      if (origin === undefined) return
      // A preflight's answer has them already; an upstream's own are replaced, never doubled.
      if (exchange.method === 'OPTIONS' && status === 204 && journey.endpoint === undefined) return
      for (const [name, value] of headers(origin, false)) exchange.responseEdits.set(name, value)
      // RFC 9110 §12.5.5: what depends on Origin says so, or a cache serves one origin's answer to another.
      if (origin !== '*') exchange.responseEdits.add('Vary', 'Origin')
    },
  }
}

function originTest(patterns: readonly string[]): (origin: string) => boolean {
  const exact = new Set<string>()
  const wildcards: { readonly head: string; readonly tail: string }[] = []
  for (const pattern of patterns) {
    const lower = pattern.toLowerCase()
    const star = lower.indexOf('*.')
    if (star < 0) exact.add(lower)
    else wildcards.push({ head: lower.slice(0, star), tail: lower.slice(star + 1) })
  }
  return (origin) => {
    const lower = origin.toLowerCase()
    if (exact.has(lower)) return true
    return wildcards.some(({ head, tail }) => {
      if (!lower.startsWith(head) || !lower.endsWith(tail)) return false
      // The star is one label: no dot, no slash, not empty.
      return /^[a-z0-9_-]+$/.test(lower.slice(head.length, lower.length - tail.length))
    })
  }
}
