import type { Journey } from '../journey.ts'
import { HIDDEN_FIELDS } from './hidden-fields.ts'

/** What every answer gets: no fields that are not for clients, HSTS where it is wanted, the affinity cookie, the route's own filters. */
export function editResponse(journey: Journey, status: number): void {
  const { exchange, table, route } = journey
  exchange.responseEdits.apply(HIDDEN_FIELDS)
  const { hsts } = table.settings
  // RFC 6797 §7.2: said over TLS only, so it is our own connection that counts, not what a proxy in front says of its own.
  // A browser that once saw HSTS for localhost refuses every plain server of that machine: never sent there.
  if (hsts !== undefined && exchange.connection.scheme === 'https' && !isLocalhost(exchange.host)) {
    const includes = hsts.includeSubDomains ? '; includeSubDomains' : ''
    exchange.responseEdits.set(
      'Strict-Transport-Security',
      `max-age=${String(hsts.maxAgeS)}${includes}${hsts.preload ? '; preload' : ''}`,
    )
  }
  if (journey.affinityCookie !== undefined) exchange.responseEdits.add('Set-Cookie', journey.affinityCookie)
  for (const filter of route.responseFilters) filter(journey, status)
}

function isLocalhost(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '127.0.0.1' || host === '[::1]'
}
