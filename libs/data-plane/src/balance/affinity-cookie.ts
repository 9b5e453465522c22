import type { CookieAffinity } from '@postern/routing-table'
import type { Clock } from '../filter.ts'
import type { Journey } from '../journey.ts'

/** The Set-Cookie line of an affinity cookie (RFC 6265 §4.1), always HttpOnly, Secure over HTTPS. */
export function affinityCookie(
  affinity: CookieAffinity,
  value: string,
  journey: Journey,
  clock: Clock,
): string {
  const isSecure = affinity.secure || journey.client.scheme === 'https'
  const sameSite = sameSiteFor(affinity, journey.exchange.headers.get('user-agent') ?? '')
  const parts = [
    `${affinity.name}=${value}`,
    affinity.expiresS === undefined
      ? ''
      : `Expires=${new Date(clock.date().getTime() + affinity.expiresS * 1000).toUTCString()}`,
    affinity.maxAgeS === undefined ? '' : `Max-Age=${String(affinity.maxAgeS)}`,
    affinity.domain === undefined ? '' : `Domain=${affinity.domain}`,
    `Path=${affinity.path ?? routePath(journey)}`,
    isSecure ? 'Secure' : '',
    'HttpOnly',
    sameSite === undefined ? '' : `SameSite=${sameSite}`,
  ]
  return parts.filter((part) => part !== '').join('; ')
}

function routePath({ route }: Journey): string {
  const { path } = route.route
  return path.kind === 'regex' ? '/' : path.value
}

// These took SameSite=None for Strict or refused the cookie: https://www.chromium.org/updates/same-site/incompatible-clients/
const MISREADS_NONE =
  /\(iP.+; CPU .*OS 12[_\d]* like Mac OS X|Macintosh;.*Mac OS X 10_14[_\d]*.*Version\/.*Safari|Chrom(e|ium)\/(5[1-9]|6[0-6])\b/
// What browsers say of themselves is shorter. The expression takes the third power of the length: 5 KiB are seconds.
const MAX_AGENT_CHARS = 512

function sameSiteFor(
  { sameSite, conditionalSameSiteNone }: CookieAffinity,
  userAgent: string,
): string | undefined {
  if (sameSite !== 'None' || !conditionalSameSiteNone) return sameSite
  return MISREADS_NONE.test(userAgent.slice(0, MAX_AGENT_CHARS)) ? undefined : sameSite
}
