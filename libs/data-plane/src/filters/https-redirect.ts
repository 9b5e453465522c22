import type { HttpsRedirectFilter } from '@postern/routing-table'
import type { PreparedFilter } from '../filter.ts'
import { redirectTo } from '../reply.ts'

// Certificates are often proven to a certificate authority over plain HTTP (RFC 8555 §8.3): never redirected.
const ACME = '/.well-known/acme-challenge'

/** Sends plain HTTP to `https://<host><target>`, with the port in use unless it is 443. */
export function httpsRedirect({ status, stripTrailingSlash }: HttpsRedirectFilter): PreparedFilter {
  return {
    request: ({ exchange, client, table }) => {
      if (client.scheme === 'https' || exchange.path.normalized.startsWith(ACME)) return undefined
      const { httpsRedirectPort } = table.settings
      const port = httpsRedirectPort === 443 ? '' : `:${String(httpsRedirectPort)}`
      const host = client.authority.replace(/:\d*$/, '')
      return redirectTo(
        status,
        `https://${host}${port}${stripTrailingSlash ? strip(exchange.target) : exchange.target}`,
      )
    },
  }
}

// As ingress-nginx: a slash at the very end of path and query goes, also the root's own.
function strip(target: string): string {
  return target.endsWith('/') ? target.slice(0, -1) : target
}
