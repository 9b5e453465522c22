import { createHash } from 'node:crypto'
import { Redacted, type RoutingTable, type VirtualHost } from '@postern/routing-table'

/**
 * A text of everything that could decide a request for one host. Equal texts need no probes. Places and names of routes
 * are left out; secrets are in it as digests.
 */
export function hostText(hosts: readonly VirtualHost[], table: RoutingTable): string {
  const routes = [
    ...hosts.flatMap((host) => [...host.routes, ...(host.defaultRoute ? [host.defaultRoute] : [])]),
    table.defaultRoute,
  ]
  const named = new Set(
    routes.flatMap(({ target }) =>
      target.kind === 'backend'
        ? [target.backend, target.canary?.backend, target.whenEmpty, target.policy.interceptErrors?.backend]
        : [],
    ),
  )
  const patterns = new Set(hosts.map(({ host }) => host))
  const passed = (table.passthroughs ?? []).filter(({ host }) => patterns.has(host))
  for (const { backend } of passed) named.add(backend)
  const backends = table.backends.filter(({ id }) => named.has(id)).map((one) => [one.id, one])
  const certificates = new Set([table.fallbackCertificate, ...hosts.map(({ tls }) => tls?.certificate)])
  const fingerprints = table.certificates
    .filter(({ id }) => certificates.has(id))
    .map((one) => one.fingerprint)
  return JSON.stringify([hosts, table.defaultRoute, backends, fingerprints, table.settings, passed], plainly)
}

function plainly(this: unknown, key: string, value: unknown): unknown {
  if (key === 'origin' || key === 'id' || key === 'zone') return undefined
  const raw = (this as Readonly<Record<string, unknown>>)[key]
  if (!(raw instanceof Redacted)) return value
  const secret: unknown = raw.reveal()
  return createHash('sha256')
    .update(JSON.stringify(secret instanceof Map ? [...secret] : secret))
    .digest('hex')
}
