import { HttpProblem } from '@postern/service'
import type { FastifyRequest } from 'fastify'

/**
 * Refuses what a page of another host sends. `SameSite=Strict` keeps the cookie from other sites, but a sister host
 * (`shop.example.com` beside `users.example.com`) is the same site: its page could log people out without knowing them. Browsers say where a
 * request comes from (https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header). Without a cookie there is nothing to abuse.
 *
 * @throws HttpProblem 403
 */
export function refuseOtherSites({ headers }: Pick<FastifyRequest, 'headers'>): void {
  const site = headers['sec-fetch-site']
  if (headers.cookie === undefined || site === undefined) return
  if (site === 'same-origin' || site === 'none') return
  throw new HttpProblem(403, 'other-site', 'Only a page of this host may ask for this.')
}
