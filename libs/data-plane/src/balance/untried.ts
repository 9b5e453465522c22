import type { Endpoint } from '@postern/routing-table'

/** The endpoints that had no attempt yet; all of them when each had one. */
export function untried(endpoints: readonly Endpoint[], tried: readonly Endpoint[]): readonly Endpoint[] {
  if (tried.length === 0) return endpoints
  const left = endpoints.filter((endpoint) => !tried.some((one) => isSame(one, endpoint)))
  return left.length === 0 ? endpoints : left
}

export function isSame(a: Endpoint, b: Endpoint): boolean {
  return a.address === b.address && a.port === b.port
}

export function endpointKey({ address, port }: Endpoint): string {
  return `${address}:${String(port)}`
}
