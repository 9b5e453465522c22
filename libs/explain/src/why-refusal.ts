import type { Filter, Route } from '@postern/routing-table'
import { nameOf, placeOf, type Finding } from './explanation.ts'
import { isToldOf } from './why-annotation.ts'
import type { Decided } from './why.ts'

const TRUST =
  "set use-forwarded-headers: 'true' and proxy-real-ip-cidr in the ConfigMap that --configmap names"

/** 413: the limit is 1 MiB unless somebody says otherwise, and nobody remembers having said so. */
export function bodyTooLarge({ rehearsal, request, subject }: Decided): readonly Finding[] {
  const { route, stoppedBy } = rehearsal
  const limit = filterOf(route, 'body-limit')
  if (limit === undefined || stoppedBy !== 'body-limit') return []
  if (isToldOf('proxy-body-size', route.origin, subject)) return []
  const length = Number(headerOf(request.headers, 'content-length') ?? 0)
  const wish = `${String(Math.ceil(length / 1_048_576))}m`
  const sentence = `Bodies of ${String(length)} bytes are more than the ${String(limit.maxBytes)} that ${nameOf(route.origin)} takes${limit.maxBytes === 1_048_576 ? ', which is the default of 1m' : ''}: set the annotation proxy-body-size: ${wish}.`
  return [{ code: 'body-too-large', sentence, ...placeOf(route.origin) }]
}

/** A load balancer that ends TLS speaks plain HTTP to us: whoever does not believe it redirects for ever. */
export function redirectLoop({ rehearsal, request }: Decided): readonly Finding[] {
  const { route, stoppedBy, client } = rehearsal
  const said = headerOf(request.headers, 'x-forwarded-proto')?.toLowerCase()
  if (stoppedBy !== 'https-redirect' || said !== 'https' || client.scheme === 'https') return []
  const sentence = `The request says X-Forwarded-Proto: https, and ${request.from} is not believed, so it is redirected again and again: ${TRUST}, or ssl-redirect: 'false' and force-ssl-redirect: 'false' on ${nameOf(route.origin)}.`
  return [{ code: 'redirect-loop', sentence, ...placeOf(route.origin) }]
}

/** 403 by the list of addresses: of the client itself, or of the load balancer that it came through. */
export function addressRefused({ rehearsal, request }: Decided): readonly Finding[] {
  const { route, stoppedBy, answer, client } = rehearsal
  const list = filterOf(route, 'access')?.ip
  if (list === undefined || stoppedBy !== 'access' || answer.status !== 403) return []
  const through = headerOf(request.headers, 'x-forwarded-for')
  const where = placeOf(route.origin)
  if (through !== undefined && client.address === request.from) {
    const sentence = `The client counts as ${client.address}, which is not let in by ${nameOf(route.origin)}, because ${request.from} is no trusted proxy and its X-Forwarded-For: ${through} is not believed: ${TRUST}; in a cluster, externalTrafficPolicy: Local also keeps the client's address.`
    return [{ code: 'client-address', sentence, ...where }]
  }
  const [what, fix] =
    list.allow.length > 0
      ? ['not on the allow', `add it to whitelist-source-range (now ${list.allow.join(', ')})`]
      : ['on the deny', `take it out of denylist-source-range (now ${list.deny.join(', ')})`]
  const sentence = `${client.address} is ${what} list of ${nameOf(route.origin)}: ${fix}, or ask as another client with --from.`
  return [{ code: 'client-address', sentence, ...where }]
}

export function headerOf(
  headers: readonly (readonly [string, string])[],
  wanted: string,
): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1]
}

export function filterOf<Kind extends Filter['kind']>(
  { filters }: Route,
  kind: Kind,
): Extract<Filter, { kind: Kind }> | undefined {
  return filters.find((filter): filter is Extract<Filter, { kind: Kind }> => filter.kind === kind)
}
