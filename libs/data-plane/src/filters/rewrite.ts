import { escapePath } from '@postern/exchange'
import type { RewriteFilter } from '@postern/routing-table'
import { escapeComponent } from '../escape-component.ts'
import type { PreparedFilter } from '../filter.ts'
import { compileRegex, type LinearRegex } from '../linear-regex.ts'
import { redirectTo } from '../reply.ts'

type Captures = readonly (string | undefined)[]

/** `rewrite "(?i)<pattern>" <target> break` of nginx: captures filled in, the unmatched rest dropped, the query kept. */
export function rewrite(filter: RewriteFilter): PreparedFilter {
  const match = matcher(filter)
  const { path, query, keepsQuery } = parseTarget(filter.target)
  const isUrl = /^https?:\/\//i.test(filter.target)
  return {
    request: (journey) => {
      const { exchange } = journey
      const captures = match(exchange.path.normalized)
      if (captures === undefined) return undefined
      if (filter.forwardedPrefix !== undefined)
        exchange.requestEdits.set('X-Forwarded-Prefix', filter.forwardedPrefix)
      const added = fill(query, captures, escapeComponent)
      const original = keepsQuery ? exchange.path.query.slice(1) : ''
      const joined = [added, original].filter((part) => part !== '').join('&')
      const rewritten = isUrl
        ? fill(path, captures, escapePath)
        : escapePath(fill(path, captures, (text) => text))
      const newQuery = joined === '' ? '' : `?${joined}`
      if (isUrl) return redirectTo(302, rewritten + newQuery)
      journey.upstreamPath = rewritten.startsWith('/') ? rewritten : `/${rewritten}`
      journey.upstreamQuery = newQuery
      return undefined
    },
  }
}

// The route's own expression met the path at its start, so the cheaper anchored match nearly always decides.
function matcher({ pattern, ignoreCase }: RewriteFilter): (path: string) => Captures | undefined {
  const anchored = compileRegex(pattern, { ignoreCase, anchored: true })
  let anywhere: LinearRegex | undefined
  return (path) => {
    const atStart = anchored.exec(path)
    if (atStart !== undefined) return atStart
    anywhere ??= compileRegex(pattern, { ignoreCase, anchored: false })
    return anywhere.exec(path)
  }
}

interface ParsedTarget {
  readonly path: string
  readonly query: string
  /** A target that ends in `?` drops the request's own query. */
  readonly keepsQuery: boolean
}

function parseTarget(target: string): ParsedTarget {
  const keepsQuery = !target.endsWith('?')
  const whole = keepsQuery ? target : target.slice(0, -1)
  const cut = whole.indexOf('?')
  if (cut < 0) return { path: whole, query: '', keepsQuery }
  return { path: whole.slice(0, cut), query: whole.slice(cut + 1), keepsQuery }
}

function fill(text: string, captures: Captures, escape: (capture: string) => string): string {
  // nginx knows $1 to $9 and ${1}; a group that took no part is empty.
  return text.replace(/\$(?:\{(\d)\}|(\d))/g, (_, braced?: string, bare?: string) =>
    escape(captures[Number(braced ?? bare)] ?? ''),
  )
}
