import type { AccessFilter, BasicAuth, ExternalAuth } from '@postern/routing-table'
import { Refusal } from '../annotations/value.ts'
import type { IngressAnnotations } from '../annotations/features.ts'
import type { Ingress } from '../parse/ingress.ts'
import type { CompileSettings } from '../settings.ts'
import { wholeHeaders } from './config-headers.ts'
import type { LookUp } from './look-up.ts'
import { namedService, type NamedService } from './named-service.ts'
import { tlsToService } from './plan-upstream.ts'
import type { GlobalReading } from './read-globals.ts'
import { usersOf } from './users.ts'

export interface AccessPlan {
  readonly filter?: AccessFilter
  /** For paths that external authentication leaves out (`no-auth-locations`). */
  readonly withoutExternal?: AccessFilter
  /** The Service that `filter` asks, when the URL names one that is known. */
  readonly authService?: NamedService
}

/** Joins addresses, passwords and external authentication to the one stage that decides who may pass. */
export function planAccess(
  ingress: Ingress,
  settings: IngressAnnotations,
  globals: GlobalReading,
  look: LookUp,
  compile: CompileSettings,
): AccessPlan | Refusal {
  const basic = basicAuth(ingress, settings, look)
  if (basic instanceof Refusal) return basic
  const external = externalAuth(ingress, settings, globals, look)
  if (external instanceof Refusal)
    return new Refusal(external.problem, external.key ?? 'auth-proxy-set-headers')
  const tls = external && tlsToService(external.url, ingress, settings, look, compile)
  if (tls instanceof Refusal) return tls
  const authService = external && namedService(external.url, look)
  const backend = authService?.backend
  const ip = settings.ipAccess
  const inner = { ...(ip && { ip }), ...(basic && { basic }) }
  const join = (parts: Omit<AccessFilter, 'kind' | 'satisfy'>): AccessFilter | undefined =>
    Object.keys(parts).length === 0 ? undefined : { kind: 'access', satisfy: settings.satisfy, ...parts }
  const filter = join({
    ...inner,
    ...(external && {
      external: { ...external, ...(backend !== undefined && { backend }), ...(tls && { tls }) },
    }),
  })
  const withoutExternal = join(inner)
  return {
    ...(filter && { filter }),
    ...(withoutExternal && { withoutExternal }),
    ...(authService && { authService }),
  }
}

function basicAuth(
  ingress: Ingress,
  { basicAuth: wanted }: IngressAnnotations,
  look: LookUp,
): BasicAuth | Refusal | undefined {
  if (wanted === undefined) return undefined
  const secret = look.secret(wanted.secret, ingress)
  if (secret instanceof Refusal) return secret
  const users = usersOf(secret, wanted.form)
  return users instanceof Refusal ? users : { realm: wanted.realm, users, secret: secret.ref }
}

function externalAuth(
  ingress: Ingress,
  { externalAuth: wanted }: IngressAnnotations,
  { globalAuth, globalAuthBroken }: GlobalReading,
  look: LookUp,
): ExternalAuth | Refusal | undefined {
  if (wanted.auth === undefined && wanted.global && globalAuthBroken) {
    return new Refusal('the global ConfigMap’s global-auth-url cannot be understood', 'enable-global-auth')
  }
  const auth = wanted.auth ?? (wanted.global ? globalAuth : undefined)
  if (auth === undefined || wanted.headersFrom === undefined) return auth
  const configMap = look.configMap(wanted.headersFrom, ingress)
  if (configMap instanceof Refusal) return configMap
  const headers = wholeHeaders(configMap)
  return headers instanceof Refusal ? headers : { ...auth, requestHeaders: headers }
}
