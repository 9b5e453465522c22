import type { Filter, UpstreamPolicy, UpstreamTls } from '@postern/routing-table'
import type { IngressAnnotations } from '../annotations/features.ts'
import { readAnnotations } from '../annotations/read-annotations.ts'
import type { Diagnostic } from '../diagnostic.ts'
import type { Ingress } from '../parse/ingress.ts'
import type { Objects } from '../parse/parse-manifests.ts'
import type { CompileSettings } from '../settings.ts'
import { LookUp } from './look-up.ts'
import { adviseOn } from './lint-annotations.ts'
import { namedService, noteNamedService, type NamedService } from './named-service.ts'
import { planAccess, type AccessPlan } from './plan-access.ts'
import { planHeaders } from './plan-headers.ts'
import { planOverTls, planUpstream, tlsToService } from './plan-upstream.ts'
import { PlanVerdict } from './plan-verdict.ts'
import type { GlobalReading } from './read-globals.ts'
import { judgeSnippets } from './snippets.ts'
import { withoutVerifiableHash } from './users.ts'

/** What holds for all paths of one Ingress. */
export interface IngressPlan {
  readonly ingress: Ingress
  readonly settings: IngressAnnotations
  /** Filters that do not depend on the path, in no order. */
  readonly filters: readonly Filter[]
  readonly access: AccessPlan
  /** Services that are asked besides those of its rules: `auth-url`, `mirror-target`. */
  readonly asked: readonly NamedService[]
  readonly policy: UpstreamPolicy
  /** The same to a Service that ends TLS itself, where the Ingress says so (`ssl-passthrough`). */
  readonly policyOverTls?: UpstreamPolicy
  /** Status of redirects to HTTPS, and the paths without them. */
  readonly redirectStatus: number
  readonly noRedirectPaths: readonly string[]
  readonly noAuthPaths: readonly string[]
  readonly accessLog: boolean
  /** All its paths answer 503, and why. */
  readonly denied?: string
  /** It is not served at all, and why. */
  readonly refused?: string
  readonly diagnostics: readonly Diagnostic[]
}

/** Plans of earlier compilations: an Ingress keeps its plan until it, the ConfigMap, or something that it names changes. */
export type PlanMemory = WeakMap<
  Ingress,
  { readonly globals: GlobalReading; readonly look: LookUp; readonly plan: IngressPlan }
>

export interface Planning {
  readonly objects: Objects
  readonly globals: GlobalReading
  readonly settings: CompileSettings
  readonly memory: PlanMemory
}

export function planIngress(ingress: Ingress, planning: Planning): IngressPlan {
  const { objects, globals, settings, memory } = planning
  const before = memory.get(ingress)
  if (before !== undefined && before.globals === globals && before.look.stillHolds(objects))
    return before.plan
  const look = new LookUp(objects, globals.controller['allow-cross-namespace-resources'], settings)
  const plan = makePlan(ingress, globals, settings, look)
  memory.set(ingress, { globals, look, plan })
  return plan
}

function makePlan(
  ingress: Ingress,
  globals: GlobalReading,
  compile: CompileSettings,
  look: LookUp,
): IngressPlan {
  const { controller } = globals
  const reading = readAnnotations(ingress, globals.defaults)
  const { settings } = reading
  const verdict = new PlanVerdict(ingress, reading.denied ?? globals.denied)
  const snippets = judgeSnippets(settings.refused.snippets, controller['allow-snippet-annotations'])
  verdict.take(snippets.findings, snippets.denied)
  const access = verdict.orDeny(planAccess(ingress, settings, globals, look, compile), 'auth-secret')
  if (access) noteHashes(access, verdict)
  const mirrorService = settings.mirror && namedService(settings.mirror.url, look)
  const mirrorTls = verdict.orDeny(
    settings.mirror && tlsToService(settings.mirror.url, ingress, settings, look, compile),
    'mirror-target',
  )
  // What the ConfigMap says for everybody is no fault of each Ingress.
  if (access?.authService && settings.externalAuth.auth !== undefined)
    noteNamedService(access.authService, 'auth-url', 'so every request that asks it is answered 500', verdict)
  if (mirrorService)
    noteNamedService(mirrorService, 'mirror-target', 'so copies of requests are lost', verdict)
  const policy = verdict.orDeny(planUpstream(ingress, settings, look, compile), 'proxy-ssl-secret')
  const policyOverTls = verdict.orDeny(planOverTls(ingress, settings, look, compile), 'proxy-ssl-secret')
  const headers = verdict.orDeny(planHeaders(ingress, settings, globals, look), 'custom-headers')
  verdict.take(adviseOn(settings, compile))
  noteOddAliases(settings, verdict)
  return {
    ingress,
    settings,
    filters: [
      ...sharedFilters(ingress, settings, globals),
      ...mirrorOf(settings, mirrorService, mirrorTls),
      ...(headers ? [headers] : []),
    ],
    access: access ?? {},
    asked: [access?.authService, mirrorService].filter((service) => service !== undefined),
    policy: policy ?? plainPolicy(settings),
    ...(policyOverTls && { policyOverTls }),
    redirectStatus: Number(controller['http-redirect-code']),
    noRedirectPaths: controller['no-tls-redirect-locations'],
    noAuthPaths: controller['no-auth-locations'],
    accessLog: settings.logs.access && !controller['disable-access-log'],
    ...(verdict.denied !== undefined && { denied: verdict.denied }),
    ...(snippets.refused !== undefined && { refused: snippets.refused }),
    diagnostics: [...reading.diagnostics, ...verdict.diagnostics],
  }
}

function noteOddAliases({ serverAlias }: IngressAnnotations, verdict: PlanVerdict): void {
  for (const entry of serverAlias.odd) {
    verdict.add('server-alias', {
      code: 'annotation-value',
      message: `${JSON.stringify(entry.slice(0, 200))} is not made an alias: expected the name of a host, or *. and a name; regular expressions are not supported`,
      fix: 'write the names that are meant',
    })
  }
}

function noteHashes({ filter }: AccessPlan, verdict: PlanVerdict): void {
  const users = filter?.basic && withoutVerifiableHash(filter.basic.users)
  if (users === undefined || users.length === 0) return
  verdict.add('auth-secret', {
    code: 'password-hash',
    message: `the passwords of ${users.slice(0, 5).join(', ')}${users.length > 5 ? ' …' : ''} are hashed in a way that is not supported (the old crypt; bcrypt of a cost above 15; SHA-crypt of more than 1000000 rounds), so these users cannot log in`,
    fix: 'write the file with htpasswd -B',
  })
}

function mirrorOf(
  { mirror }: IngressAnnotations,
  service: NamedService | undefined,
  tls: UpstreamTls | undefined,
): readonly Filter[] {
  if (mirror === undefined) return []
  const { backend } = service ?? {}
  return [{ ...mirror, ...(backend !== undefined && { backend }), ...(tls && { tls }) }]
}

function sharedFilters(ingress: Ingress, settings: IngressAnnotations, globals: GlobalReading): Filter[] {
  const { body, redirect, cors, rateLimit } = settings
  const status = globals.controller['limit-req-status-code']
  const filters: (Filter | undefined)[] = [
    body.maxRequestBytes > 0 ? { kind: 'body-limit', maxBytes: body.maxRequestBytes } : undefined,
    redirect.filter,
    cors,
    rateLimit && { ...rateLimit, zone: `${ingress.namespace}/${ingress.name}`, status },
  ]
  return filters.filter((filter) => filter !== undefined)
}

function plainPolicy(settings: IngressAnnotations): UpstreamPolicy {
  const { timeouts, retries, body } = settings
  return {
    protocol: 'http',
    timeouts,
    retry: retries,
    maxResponseHeadBytes: body.maxResponseHeadBytes,
    pipelining: 1,
  }
}
