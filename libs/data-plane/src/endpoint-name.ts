import type { Endpoint } from '@postern/routing-table'

const names = new WeakMap<Endpoint, string>()

/** `address:port`, made once per endpoint. */
export function endpointName(endpoint: Endpoint): string {
  let name = names.get(endpoint)
  if (name === undefined) {
    const { address, port } = endpoint
    names.set(endpoint, (name = `${address}:${String(port)}`))
  }
  return name
}
