import type { Route, RouteId } from '@postern/routing-table'
import { compareText } from '../diagnostic.ts'
import type { HostDraft } from './hosts.ts'

/**
 * `app-root` is a matter of the server in ingress-nginx: `/` redirects before a location is looked for, so before HTTPS
 * and before any authentication. Of several the one of the longest path decides, as its locations are written.
 */
export function appRootOf({ host, locations }: HostDraft): Route | undefined {
  const [first] = locations
    .filter(({ plan }) => plan.settings.rewrite.appRoot !== undefined && plan.denied === undefined)
    .sort((a, b) => b.path.length - a.path.length || compareText(b.path, a.path))
  const target = first?.plan.settings.rewrite.appRoot
  if (first === undefined || target === undefined) return undefined
  const { namespace, name } = first.plan.ingress
  return {
    id: `${namespace}/${name}/${host}/(app-root)` as RouteId,
    path: { kind: 'exact', value: '/' },
    filters: [{ kind: 'redirect', status: 302, when: 'root', location: target }],
    target: { kind: 'redirect', status: 302, location: '/' },
    origin: first.plan.ingress.ref,
    accessLog: first.plan.accessLog,
  }
}
