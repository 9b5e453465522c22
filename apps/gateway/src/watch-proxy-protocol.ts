import type { RoutingTable } from '@postern/routing-table'
import type { Log } from './log.ts'

/**
 * Listeners keep what the first table said, because open connections began one way or the other. Without a word, every
 * connection would break once the load balancer follows the change and the gateway does not.
 */
export function watchProxyProtocol(log: Log): (table: RoutingTable) => void {
  let opened: boolean | undefined
  let wasTold = false
  return ({ settings: { proxyProtocol } }) => {
    opened ??= proxyProtocol
    const differs = proxyProtocol !== opened
    if (differs && !wasTold)
      log.warn(
        'use-proxy-protocol has changed: it holds after a restart, until then listeners stay as they are',
        {
          inForce: opened,
          configured: proxyProtocol,
        },
      )
    wasTold = differs
  }
}
