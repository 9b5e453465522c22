import type { BackendId, BackendTarget, Canary, CookieAffinity } from '@postern/routing-table'
import { readCookie } from '../cookies.ts'
import type { Journey } from '../journey.ts'
import { compileRegex } from '../linear-regex.ts'
import { backendHash } from './cookie-affinity.ts'

/** Which backend of a split a request goes to: affinity, then header, then cookie, then weight. */
export function chooseCanary(
  canary: Canary,
  main: BackendId,
  affinity: CookieAffinity | undefined,
  random: () => number = Math.random,
): (journey: Journey, target: BackendTarget) => BackendId {
  const byHeader = headerRule(canary)
  return (journey) => {
    const sticky =
      canary.affinity === 'sticky' && affinity !== undefined
        ? stickyBackend(journey, affinity, canary, main)
        : undefined
    if (sticky !== undefined) return sticky
    const decided = byHeader(journey) ?? cookieRule(canary, journey)
    const isCanary = decided ?? random() * canary.weightTotal < canary.weight
    return isCanary ? canary.backend : main
  }
}

function stickyBackend(
  journey: Journey,
  affinity: CookieAffinity,
  canary: Canary,
  main: BackendId,
): BackendId | undefined {
  const owner = readCookie(journey.exchange, affinity.name)?.split('|')[1]
  if (owner === undefined) return undefined
  if (owner === backendHash(canary.backend)) return canary.backend
  return owner === backendHash(main) ? main : undefined
}

// ingress-nginx: with a value, anything but that value falls through to the next rule, also `never`;
// a pattern counts only without a value; `always` and `never` decide only without both.
function headerRule({ header }: Canary): (journey: Journey) => boolean | undefined {
  if (header === undefined) return () => undefined
  const { name, value, pattern } = header
  const regex =
    pattern === undefined ? undefined : compileRegex(pattern, { ignoreCase: false, anchored: false })
  return ({ exchange }) => {
    const sent = exchange.headers.get(name)
    if (sent === undefined) return undefined
    if (value !== undefined) return sent === value ? true : undefined
    if (regex !== undefined) return regex.test(sent) ? true : undefined
    return alwaysOrNever(sent)
  }
}

function cookieRule({ cookie }: Canary, { exchange }: Journey): boolean | undefined {
  return cookie === undefined ? undefined : alwaysOrNever(readCookie(exchange, cookie))
}

function alwaysOrNever(text: string | undefined): boolean | undefined {
  if (text === 'always') return true
  return text === 'never' ? false : undefined
}
