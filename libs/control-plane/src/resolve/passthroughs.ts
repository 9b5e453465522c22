import { ANY_HOST, type RouteId, type TlsPassthrough } from '@postern/routing-table'
import { PREFIX } from '../annotations/features.ts'
import { compareText } from '../diagnostic.ts'
import { isWholeName, type HostDraft, type HostDrafts } from './hosts.ts'
import type { Joining } from './joining.ts'
import { notePassthrough, noteUnheard } from './lint-passthrough.ts'
import type { Location } from './model.ts'

// nginx's stream module waits 10 minutes for a byte; ingress-nginx's own TCP proxy for ever.
const IDLE_MS = 600_000
const CONNECT_MS = 5_000

/**
 * Hosts whose TLS ends at the Service of their path `/` (`ssl-passthrough`). As ingress-nginx: the Ingress that opens a host
 * decides; with --enable-ssl-passthrough connections that ask for the very name are led there unread; and with or without it,
 * what is answered here for such a host goes to that Service by HTTPS, since that is what it speaks.
 */
export function passthroughs(hosts: HostDrafts, joining: Joining): readonly TlsPassthrough[] {
  const found: TlsPassthrough[] = []
  for (const draft of hosts.values()) {
    const [opener] = draft.plans
    if (opener?.settings.hostTls.passthrough !== true) {
      noteUnheard(draft, joining)
      continue
    }
    const root = draft.locations.find(
      ({ path, destination }) => path === '/' && destination.kind === 'backend',
    )
    notePassthrough(draft, opener, root, joining)
    // The server of rules without a host is there before any Ingress, and so without passthrough.
    if (root !== undefined && draft.host !== ANY_HOST) speakTls(draft, root)
    if (joining.settings.sslPassthrough && isWholeName(draft)) found.push(passthrough(draft, opener, root))
  }
  return found.sort((a, b) => compareText(a.host, b.host))
}

function passthrough(
  { host }: HostDraft,
  { ingress, accessLog }: Location['plan'],
  root: Location | undefined,
): TlsPassthrough {
  const { destination } = root ?? {}
  return {
    host,
    id: `${ingress.namespace}/${ingress.name}/${host}/(passthrough)` as RouteId,
    ...(destination?.kind === 'backend' && { backend: destination.id }),
    connectMs: CONNECT_MS,
    idleMs: IDLE_MS,
    accessLog,
    origin: {
      ...ingress.ref,
      ...ingress.manifest.at?.(['metadata', 'annotations', `${PREFIX}ssl-passthrough`]),
    },
  }
}

// template.go buildProxyPass: every location that leads to the backend of such a `/`.
function speakTls({ locations }: HostDraft, { destination: to }: Location): void {
  for (const [index, location] of locations.entries()) {
    const { destination, plan } = location
    const same = destination.kind === 'backend' && to.kind === 'backend' && destination.id === to.id
    if (same && plan.policyOverTls !== undefined) locations[index] = { ...location, overTls: true }
  }
}
