import { RE2JS } from 're2js'
import {
  FILTER_ORDER,
  type Filter,
  type Route,
  type RouteId,
  type Target,
  type UpstreamPolicy,
} from '@postern/routing-table'
import { templateText } from '../annotations/template.ts'
import type { HostModel, Location } from '../resolve/model.ts'
import { takesOver } from '../resolve/takes-over.ts'
import type { CompileSettings } from '../settings.ts'
import { anchoredLikeNginx } from './regex-of.ts'
import type { RouteDraft } from './routes-nginx.ts'

/** One route, with its filters in running order. */
export function routeOf(draft: RouteDraft, host: HostModel, settings: CompileSettings): Route {
  const { location, match, slashRedirect } = draft
  const { plan } = location
  const id = (slashRedirect === undefined ? location.id : `${location.id}#slash`) as RouteId
  const common = { id, path: match, origin: location.origin, accessLog: plan.accessLog }
  if (host.locked !== undefined)
    return { ...common, filters: [], target: { kind: 'fixed', status: 403, reason: host.locked } }
  const denied = plan.denied ?? draft.denied
  if (denied !== undefined)
    return { ...common, filters: [], target: { kind: 'fixed', status: 503, reason: denied } }
  if (slashRedirect !== undefined)
    return {
      ...common,
      ...slashRoute(encodeURI(slashRedirect.toWellFormed()), plan.settings.redirect.relative),
    }
  return { ...common, filters: filtersOf(location, host, settings), target: targetOf(location) }
}

function slashRoute(folder: string, relative: boolean): Pick<Route, 'filters' | 'target'> {
  return {
    filters: [
      {
        kind: 'redirect',
        status: 301,
        when: 'always',
        ...(relative && { relative }),
        location: [
          { kind: 'text', text: folder },
          { kind: 'variable', name: 'is_args' },
          { kind: 'variable', name: 'args' },
        ],
      },
    ],
    target: { kind: 'redirect', status: 301, location: folder },
  }
}

function filtersOf(location: Location, host: HostModel, settings: CompileSettings): readonly Filter[] {
  const { plan, path } = location
  const exempt = plan.noAuthPaths.some((start) => path.startsWith(start))
  const filters: (Filter | undefined)[] = [
    ...plan.filters,
    exempt ? plan.access.withoutExternal : plan.access.filter,
    httpsRedirect(location, host),
    rewriteOf(location, settings),
  ]
  const order = (filter: Filter): number => FILTER_ORDER.indexOf(filter.kind)
  return filters.filter((filter) => filter !== undefined).sort((a, b) => order(a) - order(b))
}

function httpsRedirect({ plan, path }: Location, { covered }: HostModel): Filter | undefined {
  const { always, whenCertificate, stripTrailingSlash } = plan.settings.httpsRedirect
  const exempt = plan.noRedirectPaths.some((start) => path.startsWith(start))
  if (exempt || !(always || (whenCertificate && covered))) return undefined
  // nginx's `return` comes before the redirect to HTTPS, which ingress-nginx does in Lua later in the same phase.
  if (plan.settings.redirect.filter !== undefined) return undefined
  return { kind: 'https-redirect', status: plan.redirectStatus, stripTrailingSlash }
}

function rewriteOf(location: Location, { compat }: CompileSettings): Filter | undefined {
  const { target, forwardedPrefix } = location.plan.settings.rewrite
  if (target === undefined || target === location.path || !takesOver(location)) return undefined
  const { path } = location
  return {
    kind: 'rewrite',
    // By the specification only a path that is a regular expression is read as one.
    pattern: compat === 'spec' && location.type !== 'regex' ? RE2JS.quote(path) : anchoredLikeNginx(path),
    ignoreCase: compat === 'ingress-nginx',
    target,
    ...(forwardedPrefix !== undefined && { forwardedPrefix }),
  }
}

function targetOf(location: Location): Target {
  const { destination, plan, canary, whenEmpty, intercept, affinityCookie, overTls } = location
  const redirect = plan.settings.redirect.filter
  if (redirect !== undefined)
    return { kind: 'redirect', status: redirect.status, location: templateText(redirect.location) }
  if (destination.kind === 'fixed') return destination
  const { statuses } = plan.settings.errorPages
  const travel = overTls === true ? (plan.policyOverTls ?? plan.policy) : plan.policy
  const policy =
    intercept === undefined ? travel : { ...travel, interceptErrors: { statuses, backend: intercept } }
  return {
    kind: 'backend',
    backend: destination.id,
    ...(canary && { canary }),
    ...(whenEmpty !== undefined && { whenEmpty }),
    ...(affinityCookie && { affinityCookie }),
    policy,
  }
}

/** For the global default backend, which has no Ingress. */
export const DEFAULT_POLICY: UpstreamPolicy = {
  protocol: 'http',
  timeouts: { connectMs: 5_000, readMs: 60_000, sendMs: 60_000 },
  retry: { conditions: ['error', 'timeout'], tries: 3, timeoutMs: 0, nonIdempotent: false },
  maxResponseHeadBytes: 4_096,
  pipelining: 1,
}
