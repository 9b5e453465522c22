import type { RoutingTable } from '@postern/routing-table'

/**
 * Whether two tables say the same, their revisions apart. Parts keep their identity while they do not change, so this
 * compares references, not contents.
 */
export function sameTable(a: RoutingTable, b: RoutingTable): boolean {
  return (
    sameItems(a.hosts, b.hosts) &&
    sameItems(a.backends, b.backends) &&
    sameItems(a.certificates, b.certificates) &&
    a.fallbackCertificate === b.fallbackCertificate &&
    a.passthroughs === b.passthroughs &&
    a.defaultRoute === b.defaultRoute &&
    a.settings === b.settings
  )
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index])
}
