import type { Filter, PathMatch, Route, RouteId, Target, UpstreamPolicy } from '@postern/routing-table'
import { RE2JS } from 're2js'
import { whyNotLinear } from '../annotations/regex.ts'
import type { CompileSettings } from '../settings.ts'
import type { HostModel, Location } from '../resolve/model.ts'
import { toBytes } from './normalise.ts'
import { takesOver, type RouteDraft } from './routes-nginx.ts'

/** One route, with its filters in running order. */
export function routeOf(draft: RouteDraft, host: HostModel, settings: CompileSettings): Route {
  const { location, match, slashRedirect } = draft
  const id = (slashRedirect === undefined ? location.id : `${location.id}#slash`) as RouteId
  const common = { id, path: match, origin: location.origin, accessLog: true }
  const denied = location.plan.denied ?? whyNoRegex(match)
  if (denied !== undefined)
    return { ...common, filters: [], target: { kind: 'fixed', status: 503, reason: denied } }
  if (slashRedirect !== undefined) return { ...common, ...slashRoute(toBytes(slashRedirect)) }
  return { ...common, filters: filtersOf(location, host, settings), target: targetOf(location) }
}

function whyNoRegex(match: PathMatch): string | undefined {
  const reason = match.kind === 'regex' ? whyNotLinear(match.value) : undefined
  return reason === undefined ? undefined : `its path is no usable regular expression: ${reason}`
}

function slashRoute(folder: string): Pick<Route, 'filters' | 'target'> {
  return {
    filters: [
      {
        kind: 'redirect',
        status: 301,
        when: 'always',
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
  const filters: Filter[] = []
  const redirect = httpsRedirect(location, host)
  if (redirect) filters.push(redirect)
  const rewrite = rewriteOf(location, settings)
  if (rewrite) filters.push(rewrite)
  return filters
}

// no-tls-redirect-locations: certificates are asked for over plain HTTP (RFC 8555 §8.3).
const ACME = '/.well-known/acme-challenge'

function httpsRedirect({ plan, path }: Location, { covered }: HostModel): Filter | undefined {
  const { always, whenCertificate, stripTrailingSlash } = plan.settings.httpsRedirect
  if (path.startsWith(ACME) || !(always || (whenCertificate && covered))) return undefined
  return { kind: 'https-redirect', status: 308, stripTrailingSlash }
}

function rewriteOf(location: Location, { compat }: CompileSettings): Filter | undefined {
  const { target, forwardedPrefix } = location.plan.settings.rewrite
  if (target === undefined || !takesOver({ ...location, plan: location.plan }) || target === location.path)
    return undefined
  return {
    kind: 'rewrite',
    // By the specification only a path that is a regular expression is read as one.
    pattern:
      compat === 'spec' && location.type !== 'regex'
        ? RE2JS.quote(toBytes(location.path))
        : toBytes(location.path),
    ignoreCase: compat === 'ingress-nginx',
    target,
    ...(forwardedPrefix !== undefined && { forwardedPrefix }),
  }
}

function targetOf({ destination }: Location): Target {
  if (destination.kind === 'fixed') return destination
  return { kind: 'backend', backend: destination.id, policy: DEFAULT_POLICY }
}

export const DEFAULT_POLICY: UpstreamPolicy = {
  protocol: 'http',
  timeouts: { connectMs: 5_000, readMs: 60_000, sendMs: 60_000 },
  retry: { conditions: ['error', 'timeout'], tries: 3, timeoutMs: 0, nonIdempotent: false },
  maxResponseHeadBytes: 4_096,
  pipelining: 1,
}
