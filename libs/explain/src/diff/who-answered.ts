import type { Answer } from './answer.ts'

export type WhoAnswered = 'gateway' | 'upstream' | 'nobody knows'

export interface KnownPages {
  /** The gateway's answer for a host that nobody serves. */
  readonly own?: Answer
  /** The page that every nginx is built with was never shown by an upstream, and each has answered. */
  readonly stockPageIsOwn?: boolean
}

/**
 * Whether an error page is the gateway's own, by comparison with the one that it has for a host which nobody serves.
 * Without such a page there is nothing to compare with. The page that nginx is built with proves little: there may be an
 * nginx behind the gateway as well as in front, of the same version.
 */
export function whoAnswered(answer: Answer, { own, stockPageIsOwn = false }: KnownPages): WhoAnswered {
  if (own === undefined) return 'nobody knows'
  if (isStockPage(answer)) {
    if (!isStockPage(own) || answer.status !== own.status) return 'nobody knows'
    // It names the version, unless server_tokens is off, as it is with ingress-nginx.
    if (answer.body !== own.body) return 'upstream'
    return stockPageIsOwn ? 'gateway' : 'nobody knows'
  }
  const look = lookOf(own)
  if (look === '') return 'nobody knows'
  if (lookOf(answer) === look) return 'gateway'
  // What the gateway says to other statuses may look like anything.
  return answer.status === own.status ? 'upstream' : 'nobody knows'
}

export function isStockPage({ body = '' }: Answer): boolean {
  return /<center>(?:nginx|openresty)(?:\/[\d.]+)?<\/center>/.test(body)
}

/** What stays of a page when the status, the id of the request and other words are taken out. */
function lookOf({ contentType = '', body = '' }: Answer): string {
  if (/\bhtml\b/.test(contentType)) return (body.match(/<[^>]*>/g) ?? []).join('')
  return body
    .trim()
    .replace(/[0-9a-f]{16,}/gi, '#')
    .replace(/\d+/g, '#')
}
