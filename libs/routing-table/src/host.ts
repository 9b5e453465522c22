import type { Brand } from './brand.ts'

/** A host name as requests carry it, parsed: lower case, no port, no trailing dot. */
export type HostName = Brand<string, 'HostName'>

/**
 * What a virtual host answers to: `shop.example` (exact), `*.example` (exactly one label in place of the star,
 * https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards) or `*` (any host).
 */
export type HostPattern = Brand<string, 'HostPattern'>

export const ANY_HOST = '*' as HostPattern

const LABEL = '[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?'
const DNS_NAME = new RegExp(`^(?=.{1,253}$)${LABEL}(\\.${LABEL})*$`)

// RFC 3986 §3.2.2: an IPv6 literal stands in brackets. The address itself is judged by whoever connects to it.
const IPV6_LITERAL = /^\[[0-9a-f:.]+\]$/

/**
 * The host of a `Host` header or `:authority`, without port and trailing dot, in lower case.
 * `undefined` when it is no legal host: the caller answers 400 (RFC 9112 §3.2).
 */
export function parseHostName(authority: string): HostName | undefined {
  const lower = authority.toLowerCase()
  const withoutPort = lower.replace(/:\d{0,5}$/, '')
  const name = withoutPort.endsWith('.') ? withoutPort.slice(0, -1) : withoutPort
  if (DNS_NAME.test(name) || IPV6_LITERAL.test(name)) return name as HostName
  return undefined
}

/** The host of an Ingress rule, or `undefined` when the API server would refuse it (an address, a port, a bare or inner star). */
export function parseHostPattern(host: string): HostPattern | undefined {
  const lower = host.toLowerCase()
  const name = lower.startsWith('*.') ? lower.slice(2) : lower
  if (!DNS_NAME.test(name) || isIPv4(name)) return undefined
  return lower as HostPattern
}

/** `*.example` for `shop.example`: the only wildcard that can cover a host, since the star is exactly one label. */
export function wildcardFor(host: HostName): HostPattern | undefined {
  const dot = host.indexOf('.')
  return dot < 1 ? undefined : (`*${host.slice(dot)}` as HostPattern)
}

function isIPv4(name: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(name)
}
