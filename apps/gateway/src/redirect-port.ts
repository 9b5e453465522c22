import type { RoutingTable } from '@postern/routing-table'
import type { ServeSettings } from './settings.ts'

/** The number in redirects to HTTPS. With `--https 0` it is known only once the port is bound, after the first compile. */
export interface RedirectPort {
  setBound(port: number | undefined): void
  applyTo(table: RoutingTable): RoutingTable
}

export function redirectPort({ redirectPort: wished, https }: ServeSettings): RedirectPort {
  let port = wished ?? (https === undefined || https.port === 0 ? undefined : https.port)
  return {
    setBound: (bound) => (port ??= bound),
    applyTo: (table) =>
      port === undefined ? table : { ...table, settings: { ...table.settings, httpsRedirectPort: port } },
  }
}
