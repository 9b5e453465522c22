import type { Backend, Endpoint } from '@postern/routing-table'
import type { Resolver } from './filter.ts'

const byAddresses = new WeakMap<readonly string[], Map<number, readonly Endpoint[]>>()

/** The endpoints of a backend now. A backend by name is looked up; its list keeps its identity while the answer does. */
export function endpointsOf(
  backend: Backend,
  resolver: Resolver,
): readonly Endpoint[] | Promise<readonly Endpoint[]> {
  const { dns } = backend
  if (dns === undefined) return backend.endpoints
  const addresses = resolver.resolve(dns.name)
  return addresses instanceof Promise
    ? addresses.then((list) => atPort(list, dns.port))
    : atPort(addresses, dns.port)
}

function atPort(addresses: readonly string[], port: number): readonly Endpoint[] {
  let byPort = byAddresses.get(addresses)
  if (byPort === undefined) byAddresses.set(addresses, (byPort = new Map()))
  let endpoints = byPort.get(port)
  if (endpoints === undefined) byPort.set(port, (endpoints = addresses.map((address) => ({ address, port }))))
  return endpoints
}
