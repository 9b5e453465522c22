import { ANY_HOST, type HostPattern, type Route, type RouteId } from '@postern/routing-table'
import { PREFIX } from '../annotations/features.ts'
import type { Ingress } from '../parse/ingress.ts'
import { coversHost } from './certificates.ts'
import type { HostDrafts } from './hosts.ts'
import { note, type Joining } from './joining.ts'
import type { IngressPlan } from './plan-ingress.ts'
import type { TlsChoice } from './tls.ts'

const FIELD = ['metadata', 'annotations', `${PREFIX}from-to-www-redirect`]

/** A host that only redirects to its neighbour with or without `www.`. */
export interface WwwHost {
  readonly host: HostPattern
  readonly to: HostPattern
  /** Who asks for it. */
  readonly ingress: Ingress
  readonly route: Route
}

/** `from-to-www-redirect`: makes the missing one of the two, unless it has rules of its own. */
export function wwwHosts(hosts: HostDrafts, joining: Joining): readonly WwwHost[] {
  const made = new Map<HostPattern, WwwHost>()
  for (const { host, locations } of hosts.values()) {
    const plan = locations.find((location) => location.plan.settings.redirect.fromToWww)?.plan
    if (plan === undefined || host === ANY_HOST || host.startsWith('*.')) continue
    const other = (host.startsWith('www.') ? host.slice(4) : `www.${host}`) as HostPattern
    if (hosts.has(other)) {
      note(joining, plan.ingress, FIELD, {
        severity: 'info',
        code: 'www-host-exists',
        message: `${other} has rules of its own, so it does not redirect to ${host}`,
      })
    } else if (!made.has(other))
      made.set(other, {
        host: other,
        to: host,
        ingress: plan.ingress,
        route: redirectRoute(other, host, plan),
      })
  }
  return [...made.values()]
}

/** It shows its neighbour's certificate, which has to name both: browsers judge it before they read the redirect. */
export function noteUncoveredWww(www: readonly WwwHost[], tls: TlsChoice, joining: Joining): void {
  for (const { host, to, ingress } of www) {
    const certificate = tls.certificates.get(to)
    if (certificate === undefined || certificate === 'fallback' || coversHost(certificate, host)) continue
    note(joining, ingress, FIELD, {
      severity: 'warning',
      code: 'www-certificate',
      message: `the certificate of ${to} does not name ${host}, so over HTTPS browsers warn instead of being redirected`,
      fix: 'use a certificate that names both',
    })
  }
}

function redirectRoute(from: HostPattern, to: HostPattern, { ingress, accessLog }: IngressPlan): Route {
  return {
    id: `${ingress.namespace}/${ingress.name}/${from}/(www)` as RouteId,
    path: { kind: 'prefix', value: '/' },
    filters: [
      {
        kind: 'redirect',
        status: 308,
        when: 'always',
        location: [
          { kind: 'variable', name: 'scheme' },
          { kind: 'text', text: `://${to}` },
          { kind: 'variable', name: 'port_suffix' },
          { kind: 'variable', name: 'request_uri' },
        ],
        stripTrailingSlash: true,
      },
    ],
    target: { kind: 'redirect', status: 308, location: `https://${to}/` },
    origin: ingress.ref,
    accessLog,
  }
}
